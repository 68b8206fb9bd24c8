package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

// service is the server as people run it, on a folder of data.
type service struct {
	binary, data string
	env          []string
	base         string // its address, the same over restarts

	process *exec.Cmd
	ended   chan struct{}
	said    bytes.Buffer
}

// patience is how long anything may take that is not itself what is tested; it bounds a run, and gates nothing.
const patience = 60 * time.Second

// start runs it until it answers that it is alive.
func (s *service) start(ctx context.Context) error {
	if s.base == "" {
		s.base = "http://" + ownAddress()
	}
	s.process = exec.CommandContext(ctx, s.binary, "serve", "--data", s.data, "--addr", strings.TrimPrefix(s.base, "http://"), "--backup-every", "0") //nolint:gosec // the program that is tested
	s.process.Env = append(os.Environ(), s.env...)
	s.process.Stderr = &s.said
	if err := s.process.Start(); err != nil {
		return err
	}
	ended := make(chan struct{})
	s.ended = ended
	go func(p *exec.Cmd) {
		_ = p.Wait() // how it ended does not matter: that it did, does
		close(ended)
	}(s.process)
	return s.until(ctx, "/healthz")
}

// until waits for a path to answer 200.
func (s *service) until(ctx context.Context, path string) error {
	return s.patiently(ctx, "an answer of "+path, func() bool {
		status, _, err := s.ask(ctx, http.MethodGet, path, "", nil, nil)
		return err == nil && status == http.StatusOK
	})
}

// patiently waits until something is so, as long as the server runs.
func (s *service) patiently(ctx context.Context, what string, so func() bool) error {
	limit := time.Now().Add(patience)
	for time.Now().Before(limit) {
		select {
		case <-s.ended:
			return fmt.Errorf("the server has ended: %s", tail(&s.said))
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
		if so() {
			return nil
		}
	}
	return fmt.Errorf("no %s within %v: %s", what, patience, tail(&s.said))
}

// alive tells whether the process runs.
func (s *service) alive() bool {
	select {
	case <-s.ended:
		return false
	default:
		return true
	}
}

// kill ends it as a power cut ends a process.
func (s *service) kill() {
	if s.process != nil && s.alive() {
		_ = s.process.Process.Signal(syscall.SIGKILL)
		<-s.ended
	}
}

// command runs the command line on the same folder, and gives what it printed.
func (s *service) command(ctx context.Context, args ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, s.binary, append(args, "--data", s.data)...) //nolint:gosec // the program that is tested
	cmd.Env = append(os.Environ(), s.env...)
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	if err := cmd.Run(); err != nil {
		return out.Bytes(), fmt.Errorf("%s: %w: %s%s", args[0], err, out.String(), said.String())
	}
	return out.Bytes(), nil
}

// ask sends JSON and reads JSON.
func (s *service) ask(ctx context.Context, method, path, token string, body, into any) (status int, problem string, err error) {
	var sent bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&sent).Encode(body); err != nil {
			return 0, "", err
		}
	}
	r, err := http.NewRequestWithContext(ctx, method, s.base+path, &sent)
	if err != nil {
		return 0, "", err
	}
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer func() { err = errors.Join(err, res.Body.Close()) }()
	if res.StatusCode != http.StatusOK {
		var p struct{ Type string }
		_ = json.NewDecoder(res.Body).Decode(&p) // a proxy's page has none
		return res.StatusCode, p.Type, nil
	}
	if into == nil {
		return res.StatusCode, "", nil
	}
	return res.StatusCode, "", json.NewDecoder(res.Body).Decode(into)
}

var started atomic.Uint32

// ownAddress is one that no other server on this machine has: an address of the loopback for each process and each of its
// servers. A free port may be another's by the time it is listened at.
func ownAddress() string {
	pid, n := os.Getpid(), started.Add(1)
	return fmt.Sprintf("127.%d.%d.%d:%d", 1+pid>>8%250, pid%256, 1+n%250, 20_000+n/250)
}

// tail is the last of what was said.
func tail(b *bytes.Buffer) string {
	const most = 1500
	said := b.Bytes()
	return string(said[max(0, len(said)-most):])
}
