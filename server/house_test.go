package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"lofteslogg/internal/clock"
)

// safeBuffer is what the program prints, read while it still does.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// program is the whole of it, running in this process.
type program struct {
	t        *testing.T
	url      string
	data     string
	out, log *safeBuffer
	end      context.CancelFunc
	ended    chan error
}

// start runs serve on a free port until stop, or the end of the test.
func start(t *testing.T, data string, args ...string) *program {
	t.Helper()
	return startAt(t, clock.Wall{}, data, args...)
}

// startAt runs serve by a clock.
func startAt(t *testing.T, by clock.Clock, data string, args ...string) *program {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	p := &program{t: t, data: data, out: &safeBuffer{}, log: &safeBuffer{}, end: cancel, ended: make(chan error, 1)}
	at := make(chan string, 1)
	go func() {
		p.ended <- run(ctx, outside{
			args:   append([]string{"serve", "--addr", "localhost:0", "--data", data}, args...),
			stdout: p.out, stderr: p.log, clock: by, listening: func(addr string) { at <- addr },
		})
	}()
	select {
	case addr := <-at:
		p.url = "http://" + addr
	case err := <-p.ended:
		t.Fatalf("ended before it served: %v", err)
	}
	t.Cleanup(func() { p.stop() })
	return p
}

func (p *program) stop() {
	p.t.Helper()
	if p.end == nil {
		return
	}
	p.end()
	p.end = nil
	select {
	case err := <-p.ended:
		if err != nil {
			p.t.Errorf("stopped with %v", err)
		}
	case <-time.After(5 * time.Second):
		p.t.Error("still running 5 seconds after it was asked to stop")
	}
}

// command runs one command and gives what it printed.
func command(t *testing.T, args ...string) (string, error) {
	t.Helper()
	out := &safeBuffer{}
	err := run(t.Context(), outside{args: args, stdout: out, stderr: io.Discard, clock: clock.Wall{}})
	return out.String(), err
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// code is the code of a printed link under a path.
func (p *program) code(path string) string {
	p.t.Helper()
	found := regexp.MustCompile(regexp.QuoteMeta(path) + `#k=([0-9a-z]{26})`).FindStringSubmatch(p.out.String())
	if found == nil {
		p.t.Fatalf("no link to %s in:\n%s", path, p.out)
	}
	return found[1]
}

// guest is somebody with a token or a cookie.
type guest struct {
	p             *program
	token, cookie string
}

// signs says who is asking.
func (g guest) signs(r *http.Request) {
	if g.token != "" {
		r.Header.Set("Authorization", "Bearer "+g.token)
	}
	if g.cookie != "" {
		r.AddCookie(&http.Cookie{Name: "desk", Value: g.cookie})
	}
}

func (g guest) ask(method, path string, body, into any) int {
	g.p.t.Helper()
	var sent io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		must(g.p.t, err)
		sent = bytes.NewReader(b)
	}
	r, err := http.NewRequestWithContext(g.p.t.Context(), method, g.p.url+path, sent)
	must(g.p.t, err)
	r.Header.Set("Content-Type", "application/json")
	g.signs(r)
	res, err := http.DefaultTransport.RoundTrip(r)
	must(g.p.t, err)
	defer res.Body.Close()
	got, err := io.ReadAll(res.Body)
	must(g.p.t, err)
	if s, ok := into.(*string); ok {
		*s = string(got)
	} else if into != nil {
		if err := json.Unmarshal(got, into); err != nil {
			g.p.t.Fatalf("%s %s: %d %.300s", method, path, res.StatusCode, got)
		}
	}
	return res.StatusCode
}

// desk signs in with a code.
func (p *program) desk(code string) guest {
	p.t.Helper()
	r, err := http.NewRequestWithContext(p.t.Context(), http.MethodPost, p.url+"/api/v1/desk/session", strings.NewReader(`{"code":"`+code+`"}`))
	must(p.t, err)
	r.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultTransport.RoundTrip(r)
	must(p.t, err)
	defer res.Body.Close()
	for _, c := range res.Cookies() {
		if c.Name == "desk" {
			return guest{p: p, cookie: c.Value}
		}
	}
	p.t.Fatalf("no cookie: %d", res.StatusCode)
	return guest{}
}

func modeOf(t *testing.T, elem ...string) os.FileMode {
	t.Helper()
	info, err := os.Stat(filepath.Join(elem...))
	must(t, err)
	return info.Mode().Perm()
}
