package access_test

import (
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"lofteslogg/internal/access"
	"lofteslogg/internal/fault"
)

func asFault(err error, f **fault.Error) bool { return errors.As(err, f) }

func TestOfAHundredPhonesWithOneCodeOneIsLetIn(t *testing.T) {
	for name, pick := range map[string]func(access.Codes) string{
		"link":  func(c access.Codes) string { return c.Link },
		"short": func(c access.Codes) string { return c.Short },
	} {
		t.Run(name, func(t *testing.T) {
			d := open(t)
			code := pick(d.invite(t, access.Field))
			var won, used atomic.Int32
			var all sync.WaitGroup
			for range 100 {
				all.Go(func() {
					_, err := d.Enrol(enrolment(code))
					if err == nil {
						won.Add(1)
					} else if fault.KindOf(err) == fault.Gone {
						used.Add(1)
					}
				})
			}
			all.Wait()
			if won.Load() != 1 || used.Load() != 99 {
				t.Errorf("%d were let in and %d told that the code is used, want 1 and 99", won.Load(), used.Load())
			}
			if n := len(d.People(munkfors)); n != 1 {
				t.Errorf("%d people, want 1", n)
			}
		})
	}
}

func TestOneSpellingOfACodeUsesUpTheOther(t *testing.T) {
	d := open(t)
	codes := d.invite(t, access.Field)
	_, err := d.Enrol(enrolment(codes.Short))
	must(t, err)
	_, err = d.Enrol(enrolment(codes.Link))
	wants(t, err, fault.Gone, "code-used")
}

func TestALostReplyIsGivenAgainToTheSamePhone(t *testing.T) {
	d := open(t)
	e := enrolment(d.invite(t, access.Field).Link)
	first, err := d.Enrol(e)
	must(t, err)
	d.reopen(t)
	again, err := d.Enrol(e)
	must(t, err)
	if first != again {
		t.Errorf("got %+v, want %+v", again, first)
	}
	e.Token = token()
	_, err = d.Enrol(e)
	wants(t, err, fault.Gone, "code-used")
}

func TestALostReplyIsNotGivenToARevokedPerson(t *testing.T) {
	d := open(t)
	e := enrolment(d.invite(t, access.Field).Link)
	p, err := d.Enrol(e)
	must(t, err)
	must(t, d.Revoke(munkfors, p.ID))
	_, err = d.Enrol(e)
	wants(t, err, fault.Gone, "code-used")
}

func TestACodeIsTooOldAfterAQuarter(t *testing.T) {
	d := open(t)
	codes := d.invite(t, access.Field)
	d.clock.pass(access.CodeLife - time.Millisecond)
	_, until, err := d.Look(codes.Link, home)
	must(t, err)
	if until.UnixMilli() != codes.Until {
		t.Errorf("until %v, want %v", until.UnixMilli(), codes.Until)
	}
	d.clock.pass(time.Millisecond)
	_, err = d.Enrol(enrolment(codes.Short))
	wants(t, err, fault.Gone, "code-old")
}

func TestAForgottenCodeIsAsUnknownAsOneThatNeverWas(t *testing.T) {
	d := open(t)
	code := d.invite(t, access.Field).Link
	d.clock.pass(access.CodeLife + access.CodeMemory)
	must(t, d.Flush())
	_, _, err := d.Look(code, home)
	wants(t, err, fault.NotFound, "code-unknown")
	_, _, never := d.Look(strings.Repeat("0", 26), home)
	if err.Error() != never.Error() {
		t.Errorf("%v differs from %v", err, never)
	}
}

func TestATypedCodeMayBeSpelledCarelessly(t *testing.T) {
	d := open(t)
	short := d.invite(t, access.Field).Short
	careless := strings.NewReplacer("0", "o", "1", "l", "-", " ").Replace(strings.ToLower(short))
	if _, _, err := d.Look(" "+careless+" ", home); err != nil {
		t.Errorf("%q for %q: %v", careless, short, err)
	}
}

func TestATokenIsThirtyTwoBytesAndNotInUse(t *testing.T) {
	d := open(t)
	e := enrolment(d.invite(t, access.Field).Link)
	for _, bad := range []string{"", "short", strings.Repeat("A", 44), strings.Repeat("!", 43), e.Token + "=", strings.Repeat("A", 42) + "B"} {
		wrong := e
		wrong.Token = bad
		_, err := d.Enrol(wrong)
		wants(t, err, fault.Invalid, "")
	}
	_, err := d.Enrol(e)
	must(t, err)
	e.Code = d.invite(t, access.Field).Link
	_, err = d.Enrol(e)
	wants(t, err, fault.Conflict, "")
}

func TestAnInvitationToAnAccountComesInAsThatAccount(t *testing.T) {
	d := open(t)
	p, err := d.AddPerson(access.Person{Town: munkfors, Role: access.Field, Name: "Maria", Party: "police"})
	must(t, err)
	codes, err := d.Invite(access.Invitation{Town: munkfors, Role: access.Field, Account: p.ID})
	must(t, err)
	e := enrolment(codes.Link)
	e.Name, e.Party = "", "municipality"
	got, err := d.Enrol(e)
	must(t, err)
	p.Party = "municipality"
	if got != p {
		t.Errorf("got %+v, want %+v", got, p)
	}
}

func TestAnInvitationOfferedAmissIsRefused(t *testing.T) {
	d := open(t)
	p, err := d.AddPerson(access.Person{Town: munkfors, Role: access.Field})
	must(t, err)
	for name, i := range map[string]access.Invitation{
		"no role":       {Town: munkfors},
		"other town's":  {Town: ekeby, Role: access.Field, Account: p.ID},
		"another right": {Town: munkfors, Role: access.Coordinator, Account: p.ID},
	} {
		if _, err := d.Invite(i); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

func TestASilentPhoneMustSignInAgain(t *testing.T) {
	d := open(t)
	e := enrolment(d.invite(t, access.Field).Link)
	_, err := d.Enrol(e)
	must(t, err)
	for range 3 {
		d.clock.pass(access.PhoneSilence)
		who, err := d.Phone(e.Token)
		must(t, err)
		d.Heard(who)
	}
	d.reopen(t) // closing writes down when it was last heard from
	d.clock.pass(access.PhoneSilence + time.Millisecond)
	_, err = d.Phone(e.Token)
	wants(t, err, fault.Unsigned, "silent")
}

func TestARevokedPersonOrPhoneIsLetInAsRevoked(t *testing.T) {
	d := open(t)
	one, two := enrolment(d.invite(t, access.Field).Link), enrolment(d.invite(t, access.Field).Link)
	two.Inc[15]++
	p, err := d.Enrol(one)
	must(t, err)
	_, err = d.Enrol(two)
	must(t, err)
	must(t, d.Revoke(munkfors, p.ID))
	must(t, d.RevokePhone(munkfors, two.Inc))
	wants(t, d.RevokePhone(ekeby, one.Inc), fault.NotFound, "")
	wants(t, d.Revoke(ekeby, p.ID), fault.NotFound, "")
	d.reopen(t)
	for _, e := range []access.Enrolment{one, two} {
		who, err := d.Phone(e.Token)
		must(t, err)
		if !who.Revoked {
			t.Error("let in as if nothing had happened")
		}
	}
	must(t, d.Restore(munkfors, p.ID))
	if who, err := d.Phone(one.Token); err != nil || who.Revoked {
		t.Errorf("restored: got %+v, %v", who, err)
	}
}

func TestATokenThatWasSignedOutOpensNothingAndTheInstallationIsNotShut(t *testing.T) {
	d := open(t)
	e := enrolment(d.invite(t, access.Field).Link)
	p, err := d.Enrol(e)
	must(t, err)
	w, err := d.Phone(e.Token)
	must(t, err)
	must(t, d.Leave(w))
	d.clock.pass(time.Minute)
	must(t, d.Leave(w))
	d.reopen(t)
	_, err = d.Phone(e.Token)
	wants(t, err, fault.Unsigned, "")
	_, err = d.Enrol(e)
	wants(t, err, fault.Gone, "code-used")
	if d.Shut(munkfors, e.Inc) || !d.Left(munkfors, e.Inc) || d.Left(ekeby, e.Inc) || d.Connected(munkfors, e.Inc) != p.ID {
		t.Error("left by its person, shut for nobody")
	}
	if ph := d.Roster(munkfors)[0].Phones[0]; ph.Left != ph.Seen || ph.Revoked != 0 {
		t.Errorf("%+v", ph)
	}
}

func TestAnInstallationThatTwoPeopleConnectedIsNobodys(t *testing.T) {
	d := open(t)
	for range 2 {
		e := enrolment(d.invite(t, access.Field).Link)
		e.Inc = inc
		_, err := d.Enrol(e)
		must(t, err)
	}
	if got := d.Connected(munkfors, inc); !got.IsZero() {
		t.Errorf("got %s", got)
	}
}
