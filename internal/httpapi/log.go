package httpapi

import (
	"context"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
)

// note is what the log will say of a request. Paths, queries, headers and bodies are never in it: the route is the
// one of the table, and an error's text is there only when it is our own fault.
type note struct {
	id     string
	route  string
	role   string
	town   event.ID
	status int
	bytes  int
	stream bool
	code   string // of the problem
	err    error
}

type noteKey struct{}

func noteOf(r *http.Request) *note {
	if n, ok := r.Context().Value(noteKey{}).(*note); ok {
		return n
	}
	return &note{}
}

// logged gives each request an id and a line in the log, and turns a panic into a problem.
func (a *api) logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := a.Clock.Now()
		id, _ := event.NewID() // without randomness it is zero, and nothing else works either
		n := &note{id: id.String(), route: "other"}
		r = r.WithContext(context.WithValue(r.Context(), noteKey{}, n))
		w.Header().Set("X-Request-Id", n.id)
		defer func() {
			if p := recover(); p != nil {
				a.recovered(w, r, p)
			}
			took := a.Clock.Now().Sub(began)
			a.line(r, n, took)
			if n.stream {
				took = -1
			}
			a.Meter.Request(n.route, methodName(r.Method), n.status, took)
		}()
		next.ServeHTTP(&recorder{ResponseWriter: w, note: n}, r)
	})
}

func (a *api) recovered(w http.ResponseWriter, r *http.Request, p any) {
	a.Log.ErrorContext(r.Context(), "panic in a handler", "request_id", noteOf(r).id, "panic", p, "stack", string(debug.Stack()))
	if noteOf(r).status != 0 {
		panic(http.ErrAbortHandler) // a reply is under way: cut it, so that nobody takes it for whole
	}
	a.fail(&recorder{ResponseWriter: w, note: noteOf(r)}, r, fault.New(fault.Internal, "", "panic"))
}

func (a *api) line(r *http.Request, n *note, took time.Duration) {
	level := slog.LevelInfo
	attrs := []slog.Attr{
		slog.String("request_id", n.id), slog.String("method", methodName(r.Method)), slog.String("route", n.route),
		slog.Int("status", n.status), slog.Int("bytes", n.bytes), slog.Float64("ms", float64(took.Microseconds())/1000),
	}
	if n.role != "" {
		attrs = append(attrs, slog.String("role", n.role), slog.String("town", n.town.String()))
	}
	if n.code != "" {
		attrs = append(attrs, slog.String("problem", n.code))
	}
	if n.status >= http.StatusInternalServerError && n.err != nil {
		level = slog.LevelError
		if k := fault.KindOf(n.err); k == fault.Busy || k == fault.Full {
			level = slog.LevelWarn
		}
		attrs = append(attrs, slog.String("err", n.err.Error()))
	}
	a.Log.LogAttrs(r.Context(), level, "request", attrs...)
}

func methodName(m string) string {
	switch m {
	case get, post, del, http.MethodHead, http.MethodPut, http.MethodPatch, http.MethodOptions:
		return m
	}
	return "other"
}

// recorder notes what was answered.
type recorder struct {
	http.ResponseWriter
	note *note
}

func (r *recorder) WriteHeader(status int) {
	if r.note.status == 0 {
		r.note.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(b []byte) (int, error) {
	if r.note.status == 0 {
		r.note.status = http.StatusOK
	}
	n, err := r.ResponseWriter.Write(b)
	r.note.bytes += n
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
