package access_test

import (
	"testing"
	"time"

	"lofteslogg/internal/access"
	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
)

func TestTheLastCoordinatorCanNeitherBeShutOutNorLoseTheRole(t *testing.T) {
	d := open(t)
	one, err := d.AddPerson(access.Person{Town: munkfors, Role: access.Coordinator})
	must(t, err)
	elsewhere, err := d.AddPerson(access.Person{Town: ekeby, Role: access.Coordinator})
	must(t, err)
	field := access.Field
	for _, err := range []error{d.RevokeSpared(munkfors, one.ID), d.Change(munkfors, one.ID, access.Changes{Role: &field})} {
		if fault.KindOf(err) != fault.Conflict {
			t.Errorf("got %v, want a conflict", err)
		}
	}
	two, err := d.AddPerson(access.Person{Town: munkfors, Role: access.Coordinator})
	must(t, err)
	must(t, d.RevokeSpared(munkfors, one.ID))
	if err := d.RevokeSpared(munkfors, two.ID); fault.KindOf(err) != fault.Conflict {
		t.Errorf("of two, the second went too: %v", err)
	}
	must(t, d.Revoke(ekeby, elsewhere.ID))
}

func TestWhoLosesTheDeskIsOutAtOnceAndAnOldCodeDoesNotHelp(t *testing.T) {
	d := open(t)
	secret, p, err := d.SignIn(d.invite(t, access.Reader).Link, home)
	must(t, err)
	again, err := d.Invite(access.Invitation{Town: munkfors, Role: access.Reader, Account: p.ID})
	must(t, err)
	field := access.Field
	must(t, d.Change(munkfors, p.ID, access.Changes{Role: &field}))
	if _, err := d.Desk(secret); fault.KindOf(err) != fault.Unsigned {
		t.Errorf("the desk: %v", err)
	}
	if _, _, err := d.SignIn(again.Link, home); fault.KindOf(err) != fault.Denied {
		t.Errorf("the old code: %v", err)
	}
}

func TestAReadersCodeIsForADeskAndIsNotUsedUpByAPhone(t *testing.T) {
	d := open(t)
	codes := d.invite(t, access.Reader)
	if _, err := d.Enrol(access.Enrolment{Code: codes.Link, Token: token(), Inc: inc}); fault.KindOf(err) != fault.Denied {
		t.Errorf("a phone: %v", err)
	}
	_, p, err := d.SignIn(codes.Link, home)
	must(t, err)
	if p.Role != access.Reader {
		t.Errorf("came in as %s", p.Role)
	}
}

func TestWhatAPhoneSaysOfItselfOutlivesARestartAndShutsWithIt(t *testing.T) {
	d := open(t)
	secret := token()
	_, err := d.Enrol(access.Enrolment{Code: d.invite(t, access.Field).Link, Token: secret, Inc: inc, App: "1"})
	must(t, err)
	became := event.MustID("01900000-0000-7000-8000-0000000000a2")
	w, err := d.Phone(secret)
	must(t, err)
	d.Said(w, became, "2", true)
	d.clock.pass(time.Minute)
	d.reopen(t)
	phones := d.Roster(munkfors)[0].Phones
	if len(phones) != 1 || phones[0].App != "2" || !phones[0].Persisted || len(phones[0].Incs) != 2 {
		t.Errorf("%+v", phones)
	}
	must(t, d.RevokePhone(munkfors, inc))
	if !d.Shut(munkfors, inc) || !d.Shut(munkfors, became) || d.Shut(ekeby, inc) {
		t.Error("both installations of the phone are shut, and those of no other town")
	}
	must(t, d.RestorePhone(munkfors, inc))
	if d.Shut(munkfors, inc) {
		t.Error("still shut")
	}
}
