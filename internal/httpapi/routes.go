package httpapi

import (
	"net/http"
	"strings"

	"github.com/gorilla/mux"

	"lofteslogg/internal/fault"
	"lofteslogg/internal/wire"
)

// Who may call a route. Whoever is revoked is that alone, whatever the role was.
type callers uint8

const (
	anyone callers = 1 << iota // nobody is asked who they are
	field
	coordinator
	reader
	revoked
	probe // asks after our health: neither paced nor turned away

	everyone = field | coordinator | reader
	desks    = coordinator | reader
)

// route is one thing that can be asked. body is the most bytes it takes, after decompression; 0 takes none.
type route struct {
	method, path string
	may          callers
	body         int64
	do           func(*api, *call) error
}

const (
	get, post, del, patch = http.MethodGet, http.MethodPost, http.MethodDelete, http.MethodPatch

	small = 4 << 10
)

// routes is all that the API answers, as docs/api/openapi.yaml has it.
var routes = []route{
	{post, "/api/v1/sync/push", everyone | revoked, wire.MaxBytes, (*api).push},
	{get, "/api/v1/sync/changes", everyone, 0, (*api).changes},
	{get, "/api/v1/sync/digest", everyone, 0, (*api).digest},
	{get, "/api/v1/catalog", everyone, 0, (*api).catalog},
	{get, "/api/v1/entities/{e}/events", everyone, 0, (*api).history},
	{get, "/api/v1/live", everyone, 0, (*api).live},

	{post, "/api/v1/enrol", anyone, small, (*api).enrol},
	{post, "/api/v1/code", anyone, small, (*api).lookAtCode},
	{post, "/api/v1/desk/session", anyone, small, (*api).signIn},
	{del, "/api/v1/desk/session", desks, 0, (*api).signOut},
	{del, "/api/v1/phone", everyone | revoked, 0, (*api).leave},
	{get, "/api/v1/me", everyone, 0, (*api).me},

	{get, "/api/v1/follow-up", desks, 0, (*api).followUp},
	{get, "/api/v1/entries", desks, 0, (*api).entries},
	{get, "/api/v1/attention", desks, 0, (*api).attention},
	{get, "/api/v1/places", desks, 0, (*api).places},

	{get, "/api/v1/people", coordinator, 0, (*api).people},
	{post, "/api/v1/people/invitations", coordinator, small, (*api).invite},
	{patch, "/api/v1/people/{account}", coordinator, small, (*api).changePerson},
	{post, "/api/v1/people/{account}/revoke", coordinator, 0, (*api).revokePerson},
	{post, "/api/v1/people/{account}/restore", coordinator, 0, (*api).restorePerson},
	{get, "/api/v1/phones/{id}/slip", everyone, 0, (*api).slip},
	{post, "/api/v1/phones/{id}/revoke", coordinator, 0, (*api).revokePhone},
	{post, "/api/v1/phones/{id}/restore", coordinator, 0, (*api).restorePhone},

	{get, "/healthz", anyone | probe, 0, (*api).healthz},
	{get, "/readyz", anyone | probe, 0, (*api).readyz},
}

// router finds the route. Paths are taken as they come: a redirect to a cleaned path would turn a POST into a GET.
func (a *api) router() http.Handler {
	byPath := map[string]map[string]route{}
	for _, r := range routes {
		if byPath[r.path] == nil {
			byPath[r.path] = map[string]route{}
		}
		byPath[r.path][r.method] = r
	}
	m := mux.NewRouter().SkipClean(true)
	for _, r := range routes { // in the order of the table: the first path that fits is taken
		if methods := byPath[r.path]; methods != nil {
			m.Handle(r.path, a.methods(r.path, methods))
			delete(byPath, r.path)
		}
	}
	m.NotFoundHandler = http.HandlerFunc(a.elsewhere)
	return m
}

// methods answers 405 itself, since that must name the methods there are.
func (a *api) methods(path string, by map[string]route) http.Handler {
	var allow []string
	for _, r := range routes {
		if r.path == path {
			allow = append(allow, r.method)
		}
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		noteOf(r).route = path
		found, ok := by[r.Method]
		if !ok {
			w.Header().Set("Allow", strings.Join(allow, ", "))
			a.fail(w, r, fault.New(fault.Invalid, "method", "the methods here are %s", strings.Join(allow, ", ")))
			return
		}
		a.serve(w, r, found)
	})
}

func (a *api) elsewhere(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/api" || strings.HasPrefix(r.URL.Path, "/api/") {
		a.fail(w, r, fault.New(fault.NotFound, "route", "there is no such path in the API"))
		return
	}
	a.static(w, r)
}
