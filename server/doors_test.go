package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"lofteslogg/internal/event"
	"lofteslogg/internal/wire"
)

// knock is a connection from an address, as a listener gives it.
type knock struct {
	net.Conn
	from string
}

func (k knock) RemoteAddr() net.Addr {
	return net.TCPAddrFromAddrPort(netip.MustParseAddrPort(k.from))
}

// street is a listener that a test knocks at.
type street struct {
	net.Listener
	knocks chan net.Conn
}

func (s *street) Accept() (net.Conn, error) {
	c, ok := <-s.knocks
	if !ok {
		return nil, net.ErrClosed
	}
	return c, nil
}

func someDoors(most, each int, many func(netip.Addr) bool) (d *doors, come func(from string) (let bool, said func() string)) {
	s := &street{knocks: make(chan net.Conn, 1)}
	d = newDoors(s, many, func(string) {})
	d.most, d.each = most, each
	come = func(from string) (bool, func() string) {
		near, far := net.Pipe()
		k := knock{far, from}
		let := d.admit(k)
		return let, func() string {
			_ = near.SetDeadline(time.Now().Add(5 * time.Second))
			if _, err := io.WriteString(near, "GET / HTTP/1.1\r\n\r\n"); err != nil {
				return err.Error()
			}
			res, err := http.ReadResponse(bufio.NewReader(near), nil)
			if err != nil {
				return err.Error()
			}
			defer res.Body.Close()
			return res.Status + " " + res.Header.Get("Retry-After")
		}
	}
	return d, come
}

func none(netip.Addr) bool { return false }

func TestOneNetworkCannotTakeTheRoomOfOthers(t *testing.T) {
	d, come := someDoors(100, 3, none)
	for i := range 3 {
		if let, _ := come(fmt.Sprintf("203.0.113.7:%d", i+1)); !let {
			t.Errorf("connection %d was turned away", i+1)
		}
	}
	if let, said := come("203.0.113.7:9"); let || said() != "503 Service Unavailable 5" {
		t.Error("the fourth was let in, or not told when to come again")
	}
	if let, _ := come("203.0.113.8:1"); !let {
		t.Error("another network was turned away")
	}
	for c := range d.open {
		d.follow(c, http.StateClosed)
	}
	if let, _ := come("203.0.113.7:9"); !let || d.count() != 1 || len(d.from) != 1 {
		t.Errorf("after they left: %d open, %d networks", d.count(), len(d.from))
	}
}

func TestManyMayComeThroughAProxyAndFromThisMachine(t *testing.T) {
	_, come := someDoors(100, 3, func(at netip.Addr) bool { return at == netip.MustParseAddr("10.0.0.1") })
	for i := range 50 {
		if let, _ := come(fmt.Sprintf("10.0.0.1:%d", i+1)); !let {
			t.Fatalf("connection %d was turned away", i+1)
		}
	}
}

func TestWhoIsQuietMakesRoomAndWhoIsAnsweredStays(t *testing.T) {
	d, come := someDoors(3, 100, none)
	for i := range 3 {
		come(fmt.Sprintf("203.0.113.%d:1", i))
	}
	idle, states := "", map[string]http.ConnState{"203.0.113.0:1": http.StateActive, "203.0.113.1:1": http.StateIdle, "203.0.113.2:1": http.StateActive}
	for c := range d.open {
		d.follow(c, states[c.RemoteAddr().String()])
	}
	if let, _ := come("203.0.113.9:1"); !let {
		t.Fatal("nobody made room")
	}
	for c, v := range d.open {
		idle += map[bool]string{true: c.RemoteAddr().String()}[v.state == http.StateIdle]
		d.follow(c, http.StateActive)
	}
	if idle != "" || d.count() != 3 {
		t.Errorf("%q stayed, %d are open", idle, d.count())
	}
	if let, said := come("203.0.113.10:1"); let || said() != "503 Service Unavailable 5" {
		t.Error("somebody who was being answered made room")
	}
}

// crowd opens so many connections that ask nothing, and gives them.
func crowd(t *testing.T, addr string, n int) []net.Conn {
	t.Helper()
	conns := make([]net.Conn, n)
	var next atomic.Int64
	var all sync.WaitGroup
	for range 32 {
		all.Go(func() {
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", addr)
				if err != nil {
					t.Errorf("connection %d: %v", i, err)
					return
				}
				conns[i] = c
			}
		})
	}
	all.Wait()
	t.Cleanup(func() {
		for _, c := range conns {
			if c != nil {
				_ = c.Close()
			}
		}
	})
	return conns
}

func TestPhonesComeInPastFiveThousandConnectionsThatSayNothing(t *testing.T) {
	p := measuring(t)
	phone, me, inc := p.phone(p.code("/app/"))
	crowd(t, strings.TrimPrefix(p.url, "http://"), min(5000, 2*room()))
	for n := range uint64(10) {
		http.DefaultTransport.(*http.Transport).CloseIdleConnections() // each on a connection of its own
		eventually(t, func() bool { return phone.tries(me, inc, n+1) })
		eventually(t, func() bool { return p.status("/healthz") == 200 })
	}
	if got := p.scrape(); !strings.Contains(got, `lofteslogg_connections_turned_away_total{why="quiet"}`) && room() < 5000 {
		t.Errorf("nobody made room:\n%s", only(got, "lofteslogg_connections"))
	}
}

// eventually tries for ten seconds, as a phone does that is told to come again.
func eventually(t *testing.T, try func() bool) {
	t.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for range 200 {
		if try() {
			return
		}
		<-tick.C
	}
	t.Fatal("not within ten seconds")
}

func (p *program) status(path string) int {
	r, err := http.NewRequestWithContext(p.t.Context(), http.MethodGet, p.url+path, nil)
	must(p.t, err)
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return 0
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, res.Body)
	return res.StatusCode
}

// tries pushes a patrol and tells whether it was answered as stored.
func (g guest) tries(me wire.EnrolReply, inc event.ID, n uint64) bool {
	id, err := event.NewID()
	if err != nil {
		return false
	}
	status, reply, err := g.push(batchOf(me, inc, patrolOf(me, inc, id, n)))
	return err == nil && status == http.StatusOK && len(reply.Res) == 1 && reply.Res[0].C == wire.ResOK
}

// push sends a batch and gives what came, an error when nothing did.
func (g guest) push(req *wire.PushRequest) (status int, reply wire.PushReply, err error) {
	var b strings.Builder
	if err := wire.Write(&b, req); err != nil {
		return 0, reply, err
	}
	r, err := http.NewRequestWithContext(context.WithoutCancel(g.p.t.Context()), http.MethodPost, g.p.url+"/api/v1/sync/push", strings.NewReader(b.String()))
	if err != nil {
		return 0, reply, err
	}
	r.Header.Set("Content-Type", "application/json")
	g.signs(r)
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return 0, reply, err
	}
	defer res.Body.Close()
	if res.StatusCode == http.StatusOK {
		err = wire.Read(res.Body, wire.MaxBytes, &reply)
	}
	return res.StatusCode, reply, err
}

func TestSixtyFourPhonesBehindOneAddressAreAllInAfterAnOutage(t *testing.T) {
	const phones, events = 64, 200
	p := measuring(t)
	var refused, stored atomic.Int64
	var all sync.WaitGroup
	for range phones {
		phone, me, inc := p.phone(invite(t, p.data, "--role", "field").Link(t))
		all.Go(func() {
			for n, batch := uint64(1), uint64(25); n <= events; batch *= 2 {
				req := batchOf(me, inc)
				for last := min(n+batch, events+1); n < last; n++ {
					id, err := event.NewID()
					if err != nil {
						t.Error(err)
						return
					}
					req.Events = append(req.Events, patrolOf(me, inc, id, n))
				}
				status, reply, err := phone.push(req)
				if err != nil || status != 200 {
					refused.Add(1)
					t.Errorf("%d %v", status, err)
					return
				}
				for _, r := range reply.Res {
					if r.C == wire.ResOK {
						stored.Add(1)
					}
				}
			}
		})
	}
	all.Wait()
	if stored.Load() != phones*events || refused.Load() != 0 {
		t.Errorf("%d of %d are in, %d pushes were refused", stored.Load(), phones*events, refused.Load())
	}
	if f := p.desk(p.code("/desk/")).followUp(); f.Entries != phones*events {
		t.Errorf("the desk counts %d", f.Entries)
	}
	if got := p.scrape(); strings.Contains(got, `status="4xx"`) {
		t.Errorf("somebody was held back:\n%s", only(got, "4xx"))
	}
}

// Link is the code in the phone's link.
func (i invited) Link(t *testing.T) string {
	t.Helper()
	_, code, ok := strings.Cut(i.Phone, "#k=")
	if !ok {
		t.Fatalf("no link: %+v", i)
	}
	return code
}

func TestHeadersWithoutEndAreRefusedAndCostLittle(t *testing.T) {
	p := measuring(t)
	for name, head := range map[string]string{
		"one large header":   "X: " + strings.Repeat("a", 1<<20) + "\r\n",
		"many small headers": strings.Repeat("X: a\r\n", 1<<18),
		"a long path":        "",
	} {
		conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(p.url, "http://"))
		must(t, err)
		path := "/"
		if head == "" {
			path += strings.Repeat("a", 1<<20)
		}
		go func() { _, _ = io.WriteString(conn, "GET "+path+" HTTP/1.1\r\nHost: x\r\n"+head+"\r\n") }()
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) || err == nil && res.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
			t.Errorf("%s: %v %v", name, res, err)
		}
		if err == nil {
			_ = res.Body.Close()
		}
		_ = conn.Close()
	}
	if p.status("/healthz") != 200 {
		t.Error("the server is gone")
	}
}

func TestWhoComesWhenAllAreBeingAnsweredIsToldWhenToComeAgain(t *testing.T) {
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "localhost:0")
	must(t, err)
	d := newDoors(l, none, func(string) {})
	d.most = 1
	begun, goOn := make(chan struct{}), make(chan struct{})
	s := servers{log: slog.New(slog.DiscardHandler), failed: make(chan error, 1)}
	s.start(d, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { begun <- struct{}{}; <-goOn }), d.follow)
	ask := func() *http.Response {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+l.Addr().String(), nil)
		must(t, err)
		res, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
		if err != nil {
			t.Errorf("no answer: %v", err)
			return &http.Response{}
		}
		_ = res.Body.Close()
		return res
	}
	first := make(chan int)
	go func() { first <- ask().StatusCode }()
	<-begun
	if res := ask(); res.StatusCode != http.StatusServiceUnavailable || res.Header.Get("Retry-After") != "5" {
		t.Errorf("got %d %v", res.StatusCode, res.Header)
	}
	goOn <- struct{}{}
	if status := <-first; status != http.StatusOK {
		t.Errorf("the first got %d", status)
	}
	must(t, s.stop())
}
