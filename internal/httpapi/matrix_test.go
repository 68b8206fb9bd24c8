package httpapi_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"lofteslogg/internal/access"
	"lofteslogg/internal/event"
	"lofteslogg/internal/httpapi"
)

func TestTheTableAndTheDocumentHaveTheSameRoutes(t *testing.T) {
	table, promised := httpapi.Routes(), openDocument(t).operations()
	for route, anyone := range table {
		open, ok := promised[route]
		if !ok {
			t.Errorf("%s is not in the document", route)
		} else if open != anyone {
			t.Errorf("%s: anyone may ask: %v in the table, %v in the document", route, anyone, open)
		}
	}
	for route := range promised {
		if _, ok := table[route]; !ok {
			t.Errorf("%s is in the document alone", route)
		}
	}
}

// someone is an account of Munkfors that the matrix does things to.
const someone = "01900000-0000-7000-8000-00000000ffff"

// columns are who asks, in the order of the matrix.
var columns = []string{"anonymous", "field", "coordinator's phone", "desk", "revoked", "other town's field", "other town's desk", "reader"}

// matrix has a row for every route: the status for each caller, when the request is about Munkfors. A path of its own
// is needed where the route has a place in it, a body where it takes one.
var matrix = map[string]struct {
	path, body string
	want       [8]int
}{
	"POST /api/v1/sync/push":                {"", pushBody(munkfors), [8]int{401, 200, 200, 200, 200, 403, 403, 200}},
	"GET /api/v1/sync/changes":              {"", "", [8]int{401, 200, 200, 200, 403, 200, 200, 200}},
	"GET /api/v1/sync/digest":               {"", "", [8]int{401, 200, 200, 200, 403, 200, 200, 200}},
	"GET /api/v1/catalog":                   {"", "", [8]int{401, 200, 200, 200, 403, 200, 200, 200}},
	"GET /api/v1/entities/{e}/events":       {"/api/v1/entities/" + entityOf(munkfors).String() + "/events", "", [8]int{401, 200, 200, 200, 403, 404, 404, 200}},
	"GET /api/v1/live":                      {"", "", [8]int{401, 200, 200, 200, 403, 200, 200, 200}},
	"POST /api/v1/enrol":                    {"", enrolBody("unknown"), [8]int{404, 404, 404, 404, 404, 404, 404, 404}},
	"POST /api/v1/code":                     {"", `{"code":"unknown"}`, [8]int{404, 404, 404, 404, 404, 404, 404, 404}},
	"POST /api/v1/desk/session":             {"", `{"code":"unknown"}`, [8]int{404, 404, 404, 404, 404, 404, 404, 404}},
	"DELETE /api/v1/desk/session":           {"", "", [8]int{401, 403, 403, 204, 403, 403, 204, 204}},
	"DELETE /api/v1/phone":                  {"", "", [8]int{401, 204, 204, 403, 204, 204, 403, 403}},
	"GET /api/v1/me":                        {"", "", [8]int{401, 200, 200, 200, 403, 200, 200, 200}},
	"GET /api/v1/follow-up":                 {"", "", [8]int{401, 403, 200, 200, 403, 403, 200, 200}},
	"GET /api/v1/entries":                   {"/api/v1/entries?measure=" + munkfors.String(), "", [8]int{401, 403, 200, 200, 403, 403, 200, 200}},
	"GET /api/v1/attention":                 {"", "", [8]int{401, 403, 200, 200, 403, 403, 200, 200}},
	"GET /api/v1/places":                    {"", "", [8]int{401, 403, 200, 200, 403, 403, 200, 200}},
	"GET /api/v1/people":                    {"", "", [8]int{401, 403, 200, 200, 403, 403, 200, 403}},
	"POST /api/v1/people/invitations":       {"", `{"role":"field"}`, [8]int{401, 403, 200, 200, 403, 403, 200, 403}},
	"PATCH /api/v1/people/{account}":        {"/api/v1/people/" + someone, `{"party":"police"}`, [8]int{401, 403, 204, 204, 403, 403, 404, 403}},
	"POST /api/v1/people/{account}/revoke":  {"/api/v1/people/" + someone + "/revoke", "", [8]int{401, 403, 204, 204, 403, 403, 404, 403}},
	"POST /api/v1/people/{account}/restore": {"/api/v1/people/" + someone + "/restore", "", [8]int{401, 403, 204, 204, 403, 403, 404, 403}},
	"GET /api/v1/phones/{id}/slip":          {"/api/v1/phones/" + inc.String() + "/slip", "", [8]int{401, 200, 200, 200, 403, 200, 200, 200}},
	"POST /api/v1/phones/{id}/revoke":       {"/api/v1/phones/" + inc.String() + "/revoke", "", [8]int{401, 403, 204, 204, 403, 403, 204, 403}},
	"POST /api/v1/phones/{id}/restore":      {"/api/v1/phones/" + someone + "/restore", "", [8]int{401, 403, 404, 404, 403, 403, 404, 403}},
	"GET /healthz":                          {"", "", [8]int{200, 200, 200, 200, 200, 200, 200, 200}},
	"GET /readyz":                           {"", "", [8]int{503, 503, 503, 503, 503, 503, 503, 503}},
}

func enrolBody(code string) string {
	return body(map[string]any{"code": code, "token": newToken(), "inc": inc, "name": "Maria", "party": "police", "app": "1.0.0"})
}

func TestEachRouteAnswersEachCallerAsTheMatrixSays(t *testing.T) {
	h := open(t)
	close(h.closing) // so that the stream ends, and readyz says so
	_, err := h.access.AddPerson(access.Person{ID: event.MustID(someone), Town: munkfors, Role: access.Field})
	must(t, err)
	callers := h.everyone()
	for _, route := range slices.Sorted(maps.Keys(httpapi.Routes())) {
		row, ok := matrix[route]
		if !ok {
			t.Errorf("%s has no row in the matrix", route)
			continue
		}
		method, path, _ := strings.Cut(route, " ")
		if row.path != "" {
			path = row.path
		}
		for i, column := range columns {
			t.Run(route+" "+column, func(t *testing.T) { cell(t, h, callers[i], i, method, path, row.body, row.want[i]) })
		}
		if method == "DELETE" || strings.HasPrefix(path, "/api/v1/phones/") {
			callers = h.everyone()
		}
	}
	for route := range matrix {
		if _, ok := httpapi.Routes()[route]; !ok {
			t.Errorf("the matrix has a row for %s, which is no route", route)
		}
	}
}

// everyone makes the callers of the columns.
func (h *house) everyone() []who {
	return []who{
		{},
		h.phone(munkfors, access.Field), h.phone(munkfors, access.Coordinator), h.desk(munkfors), h.revokedPhone(munkfors),
		h.phone(ekeby, access.Field), h.desk(ekeby), h.deskAs(munkfors, access.Reader),
	}
}

// cell also looks for Munkfors in what other towns' callers get: there must be nothing of it.
func cell(t *testing.T, h *house, w who, column int, method, path, body string, want int) {
	h.t, h.fake.callers = t, nil
	got := h.ask(w, method, path, body)
	if got.status != want {
		t.Errorf("got %d, want %d: %s", got.status, want, got.body)
	}
	for _, c := range h.fake.callers {
		if c.Town != w.person.Town || c.Account != w.person.ID || string(c.Role) != string(w.person.Role) || c.Revoked != (column == 4) {
			t.Errorf("asked as %+v, is %+v", c, w.person)
		}
	}
	if (column == 5 || column == 6) && (strings.Contains(string(got.body), munkfors.String()) || strings.Contains(string(got.body), entityOf(munkfors).String())) {
		t.Errorf("another town got: %s", got.body)
	}
}
