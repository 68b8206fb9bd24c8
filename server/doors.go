package main

import (
	"io"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"syscall"
	"time"

	"lofteslogg/internal/access"
	"lofteslogg/internal/clock"
	"lofteslogg/internal/httpapi"
)

// How many connections the server has at once. A browser opens six, so a station with 64 phones behind one address has
// room for all of them.
const (
	mostOpen  = 4096
	mostEach  = 512         // from one network
	keptShare = 16          // the last of so many parts is for those who are signed in
	quietFor  = time.Second // a connection that has not asked within this is no honest one's loss
	refusals  = 64          // that are said at once; beyond them connections are only closed
)

// doors is a listener that keeps room. When it is full, whoever has been quiet the longest makes room for who comes:
// a connection that has asked nothing yet, or that waits for its next request. Only when all are being answered is the
// one who comes turned away, with a reply that says when to try again. What is being answered is never cut off.
type doors struct {
	net.Listener
	most, each int
	many       func(netip.Addr) bool // tells whether many come from an address: it is a proxy's, or this machine's
	turned     func(why string)
	saying     chan struct{}

	mu   sync.Mutex
	open map[net.Conn]*visit
	from map[netip.Prefix]int
}

// visit is a connection that is open.
type visit struct {
	net   netip.Prefix
	state http.ConnState
	since time.Time
}

func newDoors(l net.Listener, many func(netip.Addr) bool, turned func(why string)) *doors {
	return &doors{
		Listener: l, most: room(), each: mostEach, many: many, turned: turned, saying: make(chan struct{}, refusals),
		open: map[net.Conn]*visit{}, from: map[netip.Prefix]int{},
	}
}

// room is mostOpen, or a quarter of the files that this process may open when that is less.
func room() int {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return mostOpen
	}
	return max(keptShare, int(min(mostOpen, limit.Cur/4)))
}

// Accept gives the next connection that there is room for.
func (d *doors) Accept() (net.Conn, error) {
	for {
		c, err := d.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if d.admit(c) {
			return c, nil
		}
	}
}

func (d *doors) admit(c net.Conn) bool {
	from := addressOf(c)
	v := &visit{net: access.Network(from), state: http.StateNew, since: clock.Wall{}.Now()}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.from[v.net] >= d.each && !d.many(from) {
		d.refuse(c, "network")
		return false
	}
	if len(d.open) >= d.most && !d.makeRoom(v.since) {
		d.refuse(c, "full")
		return false
	}
	d.open[c] = v
	d.from[v.net]++
	return true
}

// makeRoom closes who was quiet the longest.
func (d *doors) makeRoom(now time.Time) bool {
	var longest net.Conn
	for c, v := range d.open {
		quiet := v.state == http.StateIdle || v.state == http.StateNew && now.Sub(v.since) >= quietFor
		if quiet && (longest == nil || v.since.Before(d.open[longest].since)) {
			longest = c
		}
	}
	if longest == nil {
		return false
	}
	d.forget(longest)
	d.turned("quiet")
	_ = longest.Close() // its server notices
	return true
}

// follow is told by the server what a connection does.
func (d *doors) follow(c net.Conn, state http.ConnState) {
	d.mu.Lock()
	defer d.mu.Unlock()
	v := d.open[c]
	switch {
	case v == nil:
	case state == http.StateClosed || state == http.StateHijacked:
		d.forget(c)
	default:
		v.state, v.since = state, clock.Wall{}.Now()
	}
}

func (d *doors) forget(c net.Conn) {
	net := d.open[c].net
	delete(d.open, c)
	if d.from[net]--; d.from[net] == 0 {
		delete(d.from, net)
	}
}

// crowded tells whether what is left is for those who are signed in.
func (d *doors) crowded() bool { return d.count() > d.most-d.most/keptShare }

func (d *doors) count() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.open)
}

// refuse says it in the background, for whoever is refused may be slow to listen.
func (d *doors) refuse(c net.Conn, why string) {
	d.turned(why)
	select {
	case d.saying <- struct{}{}:
	default:
		_ = c.Close()
		return
	}
	go func() {
		defer func() { <-d.saying }()
		sayCrowded(c)
	}()
}

// sayCrowded answers what is asked, for clients do not read a reply that comes before their request. Then it reads a little
// more: a connection that is closed with something unread takes the reply with it. Whoever asks nothing is not answered.
func sayCrowded(c net.Conn) {
	_ = c.SetDeadline(clock.Wall{}.Now().Add(quietFor))
	_, err := c.Read(make([]byte, headerBytes))
	if err == nil {
		_, err = c.Write(httpapi.Crowded())
	}
	if err == nil {
		if half, ok := c.(*net.TCPConn); ok {
			_ = half.CloseWrite()
		}
		_, _ = io.Copy(io.Discard, io.LimitReader(c, headerBytes))
	}
	_ = c.Close()
}

func addressOf(c net.Conn) netip.Addr {
	at, err := netip.ParseAddrPort(c.RemoteAddr().String())
	if err != nil {
		return netip.Addr{}
	}
	return at.Addr().Unmap()
}
