package httpapi

import (
	"net"
	"net/http"
	"net/netip"

	"lofteslogg/internal/access"
	"lofteslogg/internal/fault"
	"lofteslogg/internal/wire"
)

// cookieName: a browser takes a __Host- cookie over TLS alone, and from no other host or path. Without a public https
// address the desk is on the server's own computer, where there is no TLS.
func (a *api) cookieName() string {
	if a.https() {
		return "__Host-desk"
	}
	return "desk"
}

func (a *api) cookie(value string, seconds int) *http.Cookie {
	return &http.Cookie{ //nolint:gosec // not Secure on this computer alone, where there is no TLS; see signIn
		Name: a.cookieName(), Value: value, Path: "/", MaxAge: seconds,
		Secure: a.https(), HttpOnly: true, SameSite: http.SameSiteStrictMode,
	}
}

func (a *api) signIn(c *call) error {
	if !a.https() && !loopback(c.Host) {
		return fault.New(fault.Denied, "plain-http", "a session over plain http is for this computer alone")
	}
	code, err := c.code()
	if err != nil {
		return err
	}
	secret, p, err := a.Access.SignIn(code, a.from(c.Request))
	if err != nil {
		return err
	}
	if old, err := c.Cookie(a.cookieName()); err == nil {
		if err := a.Access.SignOut(old.Value); err != nil {
			return err
		}
	}
	http.SetCookie(c.w, a.cookie(secret, int(access.DeskLife.Seconds())))
	return c.reply(a.meOf(p))
}

// loopback tells whether the address that the browser shows is this computer's own.
func loopback(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	at, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && at.IsLoopback()
}

func (a *api) signOut(c *call) error {
	if !c.who.Desk {
		return fault.New(fault.Denied, "", "a phone has no session to end")
	}
	cookie, err := c.Cookie(a.cookieName())
	if err != nil {
		return fault.New(fault.Unsigned, "", "no session")
	}
	if err := a.Access.SignOut(cookie.Value); err != nil {
		return err
	}
	http.SetCookie(c.w, a.cookie("", -1))
	c.w.WriteHeader(http.StatusNoContent)
	return nil
}

func (a *api) me(c *call) error {
	if q := c.query(); q.err != nil {
		return q.err
	}
	return c.reply(a.meOf(c.who.Person))
}

func (a *api) meOf(p access.Person) wire.Me {
	return wire.Me{Account: p.ID, Name: p.Name, Role: string(p.Role), Party: p.Party, Town: a.Figures.Town(p.Town)}
}
