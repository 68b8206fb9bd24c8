package sim

import (
	"strings"
	"testing"
	"time"

	"lofteslogg/internal/activity"
	"lofteslogg/internal/event"
)

// fair is a world without weather, and a phone in it.
func fair(t *testing.T) (*world, *phone) {
	w := newWorld(1, newMemDepot(), newHandler)
	w.calm = true
	p := w.newPhone()
	p.dev.SignIn(accountID(1))
	t.Cleanup(func() {
		if w.audit(); w.broken != "" {
			t.Error(w.broken)
		}
	})
	return w, p
}

func TestABacklogThatIsTooBigForOnePushGetsThrough(t *testing.T) {
	w, p := fair(t)
	quotes := event.Text(strings.Repeat(`"`, 30000)) // each is four bytes on the way
	for range 30 {
		p.dev.Save(p.dev.New(event.Birth{Type: activity.TypeActivity, Kind: "foot_patrol"}), w.started(), field("note", quotes))
	}
	tooLarge := 0
	for p.Unsent() > 0 && w.broken == "" && tooLarge < 50 {
		if w.ask(p, p.dev.Next()) == 413 {
			tooLarge++
		}
	}
	if tooLarge == 0 || p.Unsent() > 0 {
		t.Errorf("%d replies of 413, %d unsent", tooLarge, p.Unsent())
	}
}

func TestOneUnreadableEntryDoesNotHoldUpTheOthers(t *testing.T) {
	w, p := fair(t)
	for i := range 30 {
		w.log(p)
		if i == 11 {
			p.dev.SaveBytes([]byte("\xff"))
		}
	}
	w.settle(p)
	refused := 0
	for _, o := range p.Own() {
		if o.Refused != "" {
			refused++
		}
	}
	if refused != 1 || p.Unsent() != 0 {
		t.Errorf("%d are refused, %d unsent", refused, p.Unsent())
	}
}

func TestAPhoneWithAnotherSignedInCarriesWhatTheFirstWrote(t *testing.T) {
	w, p := fair(t)
	p.dev.Save(p.dev.New(event.Birth{Type: activity.TypeActivity, Kind: "foot_patrol"}), w.started())
	first := p.Own()[0]
	p.dev.SignIn(accountID(2))
	w.settle(p)
	if p.Own()[0].Parked != "inc" { // the installation is not enrolled until its person calls
		t.Errorf("carried: %+v", p.Own()[0])
	}
	p.dev.SignIn(accountID(1))
	w.settle(p)
	if s := p.dev.View(first.ID); s.Birth == nil {
		t.Errorf("after its person called it is %+v", s)
	}
}

func TestTwentyPhonesBringBackWhatADayOldBackupLacksInTwoRounds(t *testing.T) {
	w := newWorld(1, newMemDepot(), newHandler)
	w.calm = true
	for i := range 20 {
		w.signIn(w.newPhone(), w.people[i%len(w.people)].id)
	}
	each := func() {
		for _, p := range w.alive() {
			w.log(p)
			w.settle(p)
		}
	}
	each()
	w.backup()
	w.clock.Turn(24 * time.Hour)
	each()
	want := len(w.readLedger().log)
	w.engine.Engine = w.depot.restore(w.backups[0].snapshot)
	w.open()
	if had := len(w.readLedger().log); had >= want {
		t.Fatalf("the backup has %d of %d events", had, want)
	}
	w.audit() // which has every phone talk twice, and finds what is lost, doubled or not converged
	if got := len(w.readLedger().log); w.broken != "" || got != want {
		t.Errorf("%d events, want %d; %s", got, want, w.broken)
	}
}
