package httpapi

import "net/http"

// Routes lists the table for tests, as "METHOD path", and whether anyone may ask.
func Routes() map[string]bool {
	out := map[string]bool{}
	for _, r := range routes {
		out[r.method+" "+r.path] = r.may&anyone != 0
	}
	return out
}

// Problems lists the sentences.
func Problems() map[string][3]string {
	out := map[string][3]string{}
	for code, p := range problems {
		out[code] = [3]string{p.title, p.sv, p.en}
	}
	return out
}

// Policy is the pages' Content-Security-Policy.
const Policy = policy

// Known tells whether a status has a text, as every status of ours should.
func Known(code string) bool { return http.StatusText(problems[code].status) != "" }
