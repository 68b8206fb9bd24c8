package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"lofteslogg/internal/event"
	"lofteslogg/internal/store"
	"lofteslogg/internal/store/boltstore"
)

// spawn runs the program as a process of its own, until the test ends it.
func spawn(t *testing.T, args ...string) (*exec.Cmd, *safeBuffer, *safeBuffer) {
	t.Helper()
	self, err := os.Executable()
	must(t, err)
	cmd := exec.CommandContext(t.Context(), self, args...)
	out, log := &safeBuffer{}, &safeBuffer{}
	cmd.Env, cmd.Stdout, cmd.Stderr = append(os.Environ(), asProgram+"=1"), out, log
	return cmd, out, log
}

// serveAlone is a server in a process of its own.
func serveAlone(t *testing.T, data string) (*program, *exec.Cmd) {
	t.Helper()
	cmd, out, log := spawn(t, "serve", "--addr", "localhost:0", "--data", data)
	must(t, cmd.Start())
	p := &program{t: t, data: data, out: out, log: log}
	eventually(t, func() bool {
		at := regexp.MustCompile(`"msg":"serving".*?"at":"([^"]+)"`).FindStringSubmatch(log.String())
		if at != nil {
			p.url = "http://" + at[1]
		}
		return at != nil && strings.Contains(out.String(), "/app/#k=")
	})
	return p, cmd
}

func TestAStopInTheMiddleOfEverythingDropsNothingThatWasAnswered(t *testing.T) {
	p, cmd := serveAlone(t, filepath.Join(t.TempDir(), "data"))
	var mu sync.Mutex
	var answered []event.ID
	var town event.ID
	var all sync.WaitGroup
	for range 16 {
		phone, me, inc := p.phone(invite(t, p.data, "--role", "field").Link(t))
		town = me.Town.ID
		p.listen(phone)
		all.Go(func() {
			for n := uint64(1); ; n++ {
				id, err := event.NewID()
				if err != nil {
					return
				}
				status, reply, err := phone.push(batchOf(me, inc, patrolOf(me, inc, id, n)))
				if err != nil {
					return // the door is closed
				}
				if status != 200 || len(reply.Res) != 1 || reply.Res[0].C != "ok" {
					t.Errorf("answered with %d %+v", status, reply.Res)
					return
				}
				mu.Lock()
				answered = append(answered, id)
				mu.Unlock()
			}
		})
	}
	count := func() int { mu.Lock(); defer mu.Unlock(); return len(answered) }
	eventually(t, func() bool { return count() > 200 })
	p.halfAPush()
	began := time.Now()
	must(t, cmd.Process.Signal(syscall.SIGTERM))
	err := cmd.Wait()
	if took := time.Since(began); err != nil || took > 5*time.Second {
		t.Errorf("it ended after %v with %v:\n%s", took, err, only(p.log.String(), `"level":"ERROR"`))
	}
	all.Wait()
	if out, err := command(t, "verify", "--data", p.data); err != nil {
		t.Errorf("%v: %s", err, out)
	}
	must(t, boltstore.Inspect(fileOf(p.data, town), func(tx store.Tx) error {
		for _, id := range answered {
			if at, err := tx.Get(store.IDs, store.IDKey(id)); at == nil || err != nil {
				t.Errorf("%s was answered and is not there: %v", id, err)
			}
		}
		return nil
	}))
	if !strings.Contains(p.log.String(), `"msg":"stopping"`) || strings.Contains(p.log.String(), `"status":500`) {
		t.Errorf("the log says:\n%s", only(p.log.String(), `"status":500`))
	}
}

// listen opens a stream of pokes, and reads it until it ends.
func (p *program) listen(phone guest) {
	p.t.Helper()
	r, err := http.NewRequestWithContext(p.t.Context(), http.MethodGet, p.url+"/api/v1/live", nil)
	must(p.t, err)
	r.Header.Set("Authorization", "Bearer "+phone.token)
	res, err := http.DefaultTransport.RoundTrip(r)
	must(p.t, err)
	go func() {
		defer res.Body.Close()
		_, _ = io.Copy(io.Discard, res.Body)
	}()
}

// halfAPush is a phone that lost the network in the middle of a body.
func (p *program) halfAPush() {
	p.t.Helper()
	phone, _, _ := p.phone(invite(p.t, p.data, "--role", "field").Link(p.t))
	conn, err := (&net.Dialer{}).DialContext(p.t.Context(), "tcp", strings.TrimPrefix(p.url, "http://"))
	must(p.t, err)
	p.t.Cleanup(func() { _ = conn.Close() })
	_, err = fmt.Fprintf(conn, "POST /api/v1/sync/push HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: Bearer %s\r\nContent-Length: 1000\r\n\r\n{", phone.token)
	must(p.t, err)
}
