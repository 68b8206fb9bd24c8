package httpapi

import (
	"bytes"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"lofteslogg/internal/fault"
	"lofteslogg/internal/wire"
)

// describe finds what to say about an error, and under which code.
func describe(err error) (code string, p problem) {
	kind := fault.KindOf(err).String()
	var f *fault.Error
	if errors.As(err, &f) {
		if p, ok := problems[kind+"/"+f.Code]; ok {
			return f.Code, p
		}
	}
	return kind, problems[kind]
}

// fail answers with a problem document and notes it for the log.
func (a *api) fail(w http.ResponseWriter, r *http.Request, err error) {
	code, p := describe(err)
	n := noteOf(r)
	n.code, n.err = code, err
	if n.status != 0 {
		return // a reply is under way; the log says the rest
	}
	doc := wire.Problem{Type: "/problems/" + code, Title: p.title, Status: p.status, SV: p.sv, EN: p.en, RequestID: n.id}
	doc.Field, doc.Detail = particulars(err)
	var b bytes.Buffer
	if wire.Write(&b, doc) != nil {
		b.Reset() // cannot be: the document is texts and a number
	}
	h := w.Header()
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("Content-Length", strconv.Itoa(b.Len()))
	if p.retry > 0 {
		h.Set("Retry-After", strconv.Itoa(p.retry))
	}
	if p.status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", `Bearer realm="lofteslogg"`)
	}
	if errors.Is(err, errCrowded) {
		h.Set("Connection", "close")
	}
	leaves(w, b.Len())
	w.WriteHeader(p.status)
	_, _ = w.Write(b.Bytes())
}

// particulars are the field at fault, and what is wrong with it as far as the asker's own request goes. Of what went
// wrong inside nothing is told.
func particulars(err error) (field, detail string) {
	var f *fault.Error
	if !errors.As(err, &f) {
		return "", ""
	}
	switch f.Kind {
	case fault.Invalid, fault.TooLarge, fault.Conflict:
		detail = clip(f.Unwrap().Error(), 200)
	default:
	}
	return clip(strings.TrimPrefix(f.Field, "/"), 100), detail
}

// clip shortens a text that may come from the asker, and leaves no broken characters.
func clip(s string, most int) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if len(s) <= most {
		return s
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most]
}
