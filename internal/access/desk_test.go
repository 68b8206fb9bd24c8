package access_test

import (
	"testing"
	"time"

	"lofteslogg/internal/access"
	"lofteslogg/internal/fault"
)

func TestASessionEndsAfterTwelveHoursOrEightIdleOnes(t *testing.T) {
	d := open(t)
	busy, _, err := d.SignIn(d.invite(t, access.Coordinator).Link, home)
	must(t, err)
	idle, _, err := d.SignIn(d.invite(t, access.Coordinator).Link, home)
	must(t, err)
	d.clock.pass(access.DeskIdle)
	_, err = d.Desk(idle)
	wants(t, err, fault.Unsigned, "")
	_, err = d.Desk(busy)
	wants(t, err, fault.Unsigned, "")

	busy, _, err = d.SignIn(d.invite(t, access.Coordinator).Link, home)
	must(t, err)
	for range 3 {
		d.clock.pass(access.DeskLife/3 - time.Millisecond)
		who, err := d.Desk(busy)
		must(t, err)
		d.Heard(who)
	}
	d.clock.pass(3 * time.Millisecond)
	_, err = d.Desk(busy)
	wants(t, err, fault.Unsigned, "")
}

func TestASessionSurvivesARestartAndNotASignOut(t *testing.T) {
	d := open(t)
	secret, p, err := d.SignIn(d.invite(t, access.Coordinator).Short, home)
	must(t, err)
	d.reopen(t)
	who, err := d.Desk(secret)
	must(t, err)
	if who.Person != p || !who.Desk {
		t.Errorf("got %+v, want %+v", who, p)
	}
	must(t, d.SignOut(secret))
	_, err = d.Desk(secret)
	wants(t, err, fault.Unsigned, "")
	d.reopen(t)
	_, err = d.Desk(secret)
	wants(t, err, fault.Unsigned, "")
}

func TestAPhoneCodeDoesNotOpenADeskAndStaysUnused(t *testing.T) {
	d := open(t)
	code := d.invite(t, access.Field).Link
	_, _, err := d.SignIn(code, home)
	wants(t, err, fault.Denied, "desk-role")
	_, err = d.Enrol(enrolment(code))
	must(t, err)
}

func TestADeskCodeIsUsedOnce(t *testing.T) {
	d := open(t)
	code := d.invite(t, access.Coordinator).Link
	_, _, err := d.SignIn(code, home)
	must(t, err)
	_, _, err = d.SignIn(code, home)
	wants(t, err, fault.Gone, "code-used")
}

func TestRevokingEndsTheDesksOfThatPersonAlone(t *testing.T) {
	d := open(t)
	one, p, err := d.SignIn(d.invite(t, access.Coordinator).Link, home)
	must(t, err)
	two, _, err := d.SignIn(d.invite(t, access.Coordinator).Link, home)
	must(t, err)
	must(t, d.Revoke(munkfors, p.ID))
	_, err = d.Desk(one)
	wants(t, err, fault.Unsigned, "")
	_, err = d.Desk(two)
	must(t, err)
	must(t, d.Restore(munkfors, p.ID))
	_, err = d.Desk(one)
	wants(t, err, fault.Unsigned, "")
}

func TestSweepingKeepsWhatIsStillGood(t *testing.T) {
	d := open(t)
	old, _, err := d.SignIn(d.invite(t, access.Coordinator).Link, home)
	must(t, err)
	d.clock.pass(access.DeskLife)
	good, _, err := d.SignIn(d.invite(t, access.Coordinator).Link, home)
	must(t, err)
	code := d.invite(t, access.Field).Link
	must(t, d.Flush())
	must(t, d.Flush())
	d.reopen(t)
	_, err = d.Desk(old)
	wants(t, err, fault.Unsigned, "")
	_, err = d.Desk(good)
	must(t, err)
	_, _, err = d.Look(code, home)
	must(t, err)
}
