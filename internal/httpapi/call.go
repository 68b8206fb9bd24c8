package httpapi

import (
	"cmp"
	"io"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"time"

	"lofteslogg/internal/access"
	"lofteslogg/internal/clock"
	"lofteslogg/internal/fault"
	"lofteslogg/internal/replica"
)

// A body and a reply may take as long as they keep moving: a phone at the edge of coverage sends 1 MiB in three minutes
// at 50 kbit/s, while whoever sends a byte now and then to hold a place is cut off. A stream sets its own deadlines.
const (
	grace   = 20 * time.Second
	slowest = 1 << 10 // bytes a second, on the whole
)

// call is one request that may be answered, and who asks.
type call struct {
	*http.Request
	w     http.ResponseWriter
	who   access.Who // zero where anyone may ask
	limit int64      // of the body
}

func (c *call) caller() replica.Caller {
	p := c.who.Person
	return replica.Caller{Town: p.Town, Account: p.ID, Role: replica.Role(p.Role), Phone: c.who.Inc, Revoked: c.who.Revoked}
}

func (a *api) serve(w http.ResponseWriter, r *http.Request, found route) {
	begin(w, r)
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	c := &call{Request: r, w: w, limit: found.body}
	err := a.admit(c, found.may)
	if err == nil {
		err = found.do(a, c)
	}
	if err != nil {
		a.fail(w, r, err)
	}
}

// begin gives a request that nobody has read from yet its first deadlines. A recorder in a test has none. Where there is
// nothing to read there is none: it would end the request while it is being answered.
func begin(w http.ResponseWriter, r *http.Request) {
	until := clock.Wall{}.Now().Add(grace)
	if r.Body == http.NoBody {
		until = time.Time{}
	}
	_ = http.NewResponseController(w).SetReadDeadline(until)
	leaves(w, 0)
}

// leaves gives a reply of n bytes the time that it may take from now on.
func leaves(w http.ResponseWriter, n int) {
	_ = http.NewResponseController(w).SetWriteDeadline(clock.Wall{}.Now().Add(allowed(int64(n))))
}

// allowed is how long n bytes may take.
func allowed(n int64) time.Duration { return grace + time.Duration(n)*time.Second/slowest }

// arriving is a body on its way.
type arriving struct {
	r     io.Reader
	conn  *http.ResponseController
	began time.Time
	got   int64
}

func (a *arriving) Read(p []byte) (int, error) {
	_ = a.conn.SetReadDeadline(a.began.Add(allowed(a.got)))
	n, err := a.r.Read(p)
	a.got += int64(n)
	return n, err
}

// whole ends the deadline: what is read from the connection now is only whether the asker is still there.
func (a *arriving) whole() { _ = a.conn.SetReadDeadline(time.Time{}) }

func (c *call) arriving() *arriving {
	return &arriving{r: http.MaxBytesReader(c.w, c.Body, c.limit), conn: http.NewResponseController(c.w), began: clock.Wall{}.Now()}
}

// admit finds out who asks, and whether they may, at this pace.
func (a *api) admit(c *call, may callers) error {
	switch {
	case may&probe != 0:
		return nil
	case may&anyone != 0:
		return a.stranger(c.Request)
	}
	who, err := a.identify(c.Request)
	if err != nil {
		return cmp.Or(a.stranger(c.Request), err)
	}
	c.who = who
	note := noteOf(c.Request)
	note.role, note.town = string(who.Person.Role), who.Person.Town
	if err := permit(who, may); err != nil {
		return err
	}
	a.Access.Heard(who)
	return a.paces.take(who.Key(), a.Clock.Now())
}

// stranger takes in somebody who is not signed in, as long as there is room and their network asks calmly.
func (a *api) stranger(r *http.Request) error {
	if a.Crowded() {
		return errCrowded
	}
	return a.strangers.take(access.Network(a.from(r)), a.Clock.Now())
}

func permit(who access.Who, may callers) error {
	is := map[access.Role]callers{access.Field: field, access.Coordinator: coordinator, access.Reader: reader}[who.Person.Role]
	switch {
	case who.Revoked && may&revoked == 0:
		return fault.New(fault.Denied, "revoked", "the account or the phone is shut; only pushing is left")
	case !who.Revoked && may&is == 0:
		return fault.New(fault.Denied, "", "not for the role %s", who.Person.Role)
	}
	return nil
}

// identify believes a bearer token, or else the desk's cookie.
func (a *api) identify(r *http.Request) (access.Who, error) {
	if shown := r.Header.Values("Authorization"); len(shown) > 0 {
		scheme, token, _ := strings.Cut(shown[0], " ")
		if len(shown) != 1 || !strings.EqualFold(scheme, "Bearer") {
			return access.Who{}, fault.New(fault.Unsigned, "", "want one bearer token")
		}
		return a.Access.Phone(token)
	}
	if cookie, err := r.Cookie(a.cookieName()); err == nil {
		return a.Access.Desk(cookie.Value)
	}
	return access.Who{}, fault.New(fault.Unsigned, "", "no token and no session")
}

// from is the address of the one who asks. A proxy that the operator named is believed about who asked it.
func (a *api) from(r *http.Request) netip.Addr {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	at := peer.Addr().Unmap()
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) {
		if !a.isProxy(at) {
			break
		}
		next, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil {
			break
		}
		at = next.Unmap()
	}
	return at
}

func (a *api) isProxy(at netip.Addr) bool {
	return slices.ContainsFunc(a.Proxies, func(p netip.Prefix) bool { return p.Contains(at) })
}
