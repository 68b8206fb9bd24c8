package httpapi

import (
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

// How long a request may take to arrive, and its reply to leave: a phone at the edge of coverage sends 1 MiB in a
// minute at 140 kbit/s. A stream sets its own deadlines.
const (
	readLimit  = 60 * time.Second
	writeLimit = 2 * time.Minute
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
	deadlines(w)
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

func deadlines(w http.ResponseWriter) {
	c, now := http.NewResponseController(w), clock.Wall{}.Now()
	_ = c.SetReadDeadline(now.Add(readLimit)) // a recorder in a test has none
	_ = c.SetWriteDeadline(now.Add(writeLimit))
}

// admit finds out who asks, and whether they may, at this pace.
func (a *api) admit(c *call, may callers) error {
	if may&anyone != 0 {
		return nil
	}
	who, err := a.identify(c.Request)
	if err != nil {
		return err
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
