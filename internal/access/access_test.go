package access_test

import (
	"crypto/rand"
	"encoding/base64"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"lofteslogg/internal/access"
	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
)

var (
	munkfors = event.MustID("01900000-0000-7000-8000-000000000001")
	ekeby    = event.MustID("01900000-0000-7000-8000-000000000002")
	home     = netip.MustParseAddr("192.0.2.1")
	inc      = event.MustID("01900000-0000-7000-8000-0000000000a1")
)

type testClock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *testClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *testClock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

type desk struct {
	*access.Store
	clock *testClock
	path  string
}

func open(t testing.TB) *desk {
	t.Helper()
	d := &desk{clock: &testClock{now: time.Date(2026, 11, 20, 21, 10, 0, 0, time.UTC)}, path: filepath.Join(t.TempDir(), "access.db")}
	d.reopen(t)
	return d
}

func (d *desk) reopen(t testing.TB) {
	t.Helper()
	if d.Store != nil {
		must(t, d.Close())
	}
	s, err := access.Open(d.path, d.clock)
	must(t, err)
	d.Store = s
	t.Cleanup(func() { _ = s.Close() })
}

func (d *desk) invite(t testing.TB, role access.Role) access.Codes {
	t.Helper()
	codes, err := d.Invite(access.Invitation{Town: munkfors, Role: role})
	must(t, err)
	return codes
}

func enrolment(code string) access.Enrolment {
	return access.Enrolment{Code: code, Token: token(), Inc: inc, Name: "Maria", Party: "police", From: home}
}

func token() string {
	var b [32]byte
	_, _ = rand.Read(b[:])
	return base64.RawURLEncoding.EncodeToString(b[:])
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wants(t *testing.T, err error, kind fault.Kind, code string) {
	t.Helper()
	var f *fault.Error
	if fault.KindOf(err) != kind || code != "" && (!asFault(err, &f) || f.Code != code) {
		t.Fatalf("got %v, want %s %s", err, kind, code)
	}
}

func TestAConnectedPhoneIsKnownAfterARestart(t *testing.T) {
	d := open(t)
	e := enrolment(d.invite(t, access.Field).Link)
	p, err := d.Enrol(e)
	must(t, err)
	d.reopen(t)
	who, err := d.Phone(e.Token)
	must(t, err)
	if who.Person != p || who.Inc != inc || who.Revoked || who.Desk {
		t.Errorf("got %+v, want %+v", who, p)
	}
	if found, ok := d.Person(munkfors, p.ID); !ok || found.Role != access.Field || found.Party != "police" || found.Name != "Maria" {
		t.Errorf("got %+v %v", found, ok)
	}
}

func TestAnAccountIsUnknownInAnotherTown(t *testing.T) {
	d := open(t)
	p, err := d.AddPerson(access.Person{Town: munkfors, Role: access.Field})
	must(t, err)
	if _, ok := d.Person(ekeby, p.ID); ok {
		t.Error("found in another town")
	}
	if len(d.People(ekeby)) != 0 || len(d.People(munkfors)) != 1 {
		t.Error("listed in another town, or not in its own")
	}
}

func TestNoSecretStandsInTheFile(t *testing.T) {
	d := open(t)
	phone, seat := d.invite(t, access.Field), d.invite(t, access.Coordinator)
	e := enrolment(phone.Short)
	_, err := d.Enrol(e)
	must(t, err)
	session, _, err := d.SignIn(seat.Link, home)
	must(t, err)
	must(t, d.Close())
	b, err := os.ReadFile(d.path)
	must(t, err)
	plain := strings.ReplaceAll(phone.Short, "-", "")
	for _, secret := range []string{phone.Link, strings.ToUpper(phone.Link), phone.Short, plain, seat.Link, e.Token, session} {
		if strings.Contains(string(b), secret) {
			t.Errorf("the file holds %q", secret)
		}
	}
	if !strings.Contains(string(b), "Maria") {
		t.Error("the file does not hold what it should either: the search is blind")
	}
}

func TestASecondProcessIsToldThatTheFileIsInUse(t *testing.T) {
	d := open(t)
	_, err := access.Open(d.path, d.clock)
	wants(t, err, fault.Busy, "data-folder-in-use")
}
