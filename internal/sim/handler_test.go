package sim

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"

	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
	"lofteslogg/internal/replica"
	"lofteslogg/internal/testkit"
	"lofteslogg/internal/wire"
)

// handler is the four routes that phones use, without the rooms of the real one.
type handler struct{ w *world }

func newHandler(w *world) http.Handler {
	h := &handler{w}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/v1/sync/push", h.push)
	mux.HandleFunc("GET /api/v1/sync/changes", h.changes)
	mux.HandleFunc("GET /api/v1/sync/digest", h.digest)
	mux.HandleFunc("GET /api/v1/entities/{e}/events", h.history)
	return mux
}

func (h *handler) caller(r *http.Request) replica.Caller {
	shown := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	i := slices.IndexFunc(h.w.people, func(a *account) bool { return token(a.id) == shown })
	a := h.w.people[i] // every phone has someone on it
	return replica.Caller{Town: townID, Account: a.id, Role: a.Role, Revoked: a.Revoked}
}

func (h *handler) push(out http.ResponseWriter, r *http.Request) {
	req := &wire.PushRequest{}
	if err := wire.Read(r.Body, wire.MaxBytes, req); err != nil {
		problem(out, err)
		return
	}
	reply, err := h.w.rep.Push(r.Context(), h.caller(r), req)
	answer(out, reply, err)
}

func (h *handler) changes(out http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	limit, _ := strconv.Atoi(q.Get("limit"))
	reply, err := h.w.rep.Changes(r.Context(), h.caller(r), q.Get("cur"), q.Get("head"), limit)
	answer(out, reply, err)
}

func (h *handler) digest(out http.ResponseWriter, r *http.Request) {
	reply, err := h.w.rep.Digest(r.Context(), h.caller(r))
	answer(out, reply, err)
}

func (h *handler) history(out http.ResponseWriter, r *http.Request) {
	e, err := event.ParseID(r.PathValue("e"))
	must(err)
	reply, err := h.w.rep.History(r.Context(), h.caller(r), e)
	answer(out, reply, err)
}

func answer[T any](out http.ResponseWriter, reply *T, err error) {
	if err != nil {
		problem(out, err)
		return
	}
	must(wire.Write(out, reply))
}

var statusOf = map[fault.Kind]int{
	fault.Invalid: 400, fault.Denied: 403, fault.NotFound: 404, fault.TooLarge: 413, fault.Busy: 503, fault.Full: 507,
}

func problem(out http.ResponseWriter, err error) {
	status := statusOf[fault.KindOf(err)]
	if status == 0 {
		status = http.StatusInternalServerError
	}
	http.Error(out, err.Error(), status)
}

var errCut = errors.New("the connection broke")

// serve has the server answer a request. cut, when there, is how many bytes of the body arrive before the link breaks.
func (w *world) serve(r *testkit.Request, cut *int) (status int, body []byte) {
	if a := w.people.find(r.Person); a.Revoked && !pushes(r) && w.apps == nil {
		return http.StatusForbidden, nil // a revoked token can only push
	}
	if w.apps == nil {
		out := w.handle(r, token(r.Person), cut)
		return out.Code, out.Body.Bytes()
	}
	out := w.handle(r, w.apps.tokens[r.Person], cut)
	if a := w.people.find(r.Person); out.Code == http.StatusUnauthorized && !a.Revoked && a.Role != replica.Reader { // it was silent for too long
		w.apps.letIn(a)
		out = w.handle(r, w.apps.tokens[r.Person], cut)
	}
	return out.Code, out.Body.Bytes()
}

// answer has the server answer a message, as it answers the one who sent it.
func (w *world) answer(m *message, cut *int) {
	if m.p.app == nil {
		m.status, m.body = w.serve(m.req, cut)
		return
	}
	out := w.handle(m.req, m.token, cut)
	m.status, m.header, m.body = out.Code, out.Header(), ordered(out.Body.Bytes())
}

// ordered spells a document with its members in order, and without the one number that is of chance, so that what went
// over the pipe can be compared.
func ordered(body []byte) []byte {
	return respelt(requestID.ReplaceAll(body, []byte(`"request_id":""`)), func(any) {})
}

// fromTomorrow is a document as a later server would say it: with members that the app does not know, in every object
// that is not a table by installation or by field.
func fromTomorrow(body []byte) []byte {
	var add func(doc any)
	add = func(doc any) {
		switch at := doc.(type) {
		case []any:
			for _, one := range at {
				add(one)
			}
		case map[string]any:
			for name, one := range at {
				if name != "contig" && name != "f" {
					add(one)
				}
			}
			at["of_tomorrow"] = map[string]any{"v": 2, "list": []any{"x"}}
		}
	}
	return respelt(body, add)
}

// respelt changes a document; what is none stays as it is.
func respelt(body []byte, change func(doc any)) []byte {
	var doc any
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if d.Decode(&doc) != nil {
		return body
	}
	change(doc)
	out, err := json.Marshal(doc)
	must(err)
	return out
}

func (w *world) handle(r *testkit.Request, token string, cut *int) *httptest.ResponseRecorder {
	var in io.Reader = bytes.NewReader(r.Body)
	if cut != nil {
		in = io.MultiReader(bytes.NewReader(r.Body[:*cut]), &broken{})
	}
	req := httptest.NewRequest(r.Method, r.Path, in)
	if len(r.Body) > 0 {
		req.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	out := httptest.NewRecorder()
	w.handler.ServeHTTP(out, req)
	return out
}

type broken struct{}

func (*broken) Read([]byte) (int, error) { return 0, errCut }
