package main

import (
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lofteslogg/internal/carbon"
	"lofteslogg/internal/clock"
	"lofteslogg/internal/config"
	"lofteslogg/internal/wire"
)

// official is somebody at a desk, as whom events can be written.
func (p *program) official() (desk guest, me wire.EnrolReply) {
	p.t.Helper()
	desk = p.desk(p.code("/desk/"))
	var who wire.Me
	if status := desk.ask(http.MethodGet, "/api/v1/me", nil, &who); status != http.StatusOK {
		p.t.Fatalf("who am I: %d", status)
	}
	return desk, wire.EnrolReply{Account: who.Account, Town: who.Town}
}

// sitsAgain is a new link to the desk, for the server that was started last.
func (p *program) sitsAgain() guest {
	p.t.Helper()
	out, err := command(p.t, "invite", "--role", "coordinator", "--data", p.data)
	must(p.t, err)
	_, _ = p.out.Write([]byte(out)) // as the first start would have said
	return p.desk(p.code("/desk/"))
}

func TestARestoreKeepsWhatDesksAndTheCommandLineWroteSince(t *testing.T) {
	t.Parallel()
	p := start(t, filepath.Join(t.TempDir(), "data"))
	desk, me := p.official()
	inc := newEventID(t)
	desk.patrol(me, inc, 1)
	from := onlyBackup(t, p.data)
	desk.patrol(me, inc, 2)
	file := published(t, p.data, func(doc map[string]any) { patrolKind(doc)["sv"].(map[string]any)["name"] = "Rundvandring" })
	_, err := command(t, "town", "catalog", "munkfors", "--file", file, "--data", p.data)
	must(t, err)
	out, err := command(t, "restore", "--from", from, "--data", p.data)
	if err != nil || !strings.Contains(out, "is in it again (2 events)") {
		t.Errorf("%q, %v", out, err)
	}
	if f := desk.followUp(); f.Entries != 2 {
		t.Errorf("%d entries, want 2", f.Entries)
	}
	if out, err := command(t, "restore", "--from", from, "--data", p.data); err != nil || !strings.Contains(out, "(2 events)") {
		t.Errorf("once more: %q, %v", out, err)
	}
	if f := desk.followUp(); f.Entries != 2 {
		t.Errorf("%d entries after another restore, want 2", f.Entries)
	}
	if out, err := command(t, "verify", "--data", p.data); err != nil {
		t.Errorf("%s%v", out, err)
	}
}

func TestADamagedTownIsMendedWithWhatDesksWroteSince(t *testing.T) {
	t.Parallel()
	p := start(t, filepath.Join(t.TempDir(), "data"))
	desk, me := p.official()
	onlyBackup(t, p.data)
	desk.patrol(me, newEventID(t), 1)
	p.stop()
	harmed(t, p.data, me.Town.ID.String())
	again := start(t, p.data)
	until(t, "ready", func() bool { return again.status("/readyz") == http.StatusOK })
	if f := again.sitsAgain().followUp(); f.Entries != 1 {
		t.Errorf("%d entries, want 1", f.Entries)
	}
}

func TestAFileThatWasPutBackByHandGetsWhatDesksWroteSince(t *testing.T) {
	t.Parallel()
	p := start(t, filepath.Join(t.TempDir(), "data"))
	desk, me := p.official()
	from := onlyBackup(t, p.data)
	desk.patrol(me, newEventID(t), 1)
	p.stop()
	name := me.Town.ID.String() + ".db"
	old, err := os.ReadFile(filepath.Join(from, name))
	must(t, err)
	must(t, os.WriteFile(filepath.Join(p.data, name), old, 0o600))
	again := start(t, p.data)
	if f := again.sitsAgain().followUp(); f.Entries != 1 || !strings.Contains(again.log.String(), "has it again") {
		t.Errorf("%d entries, want 1", f.Entries)
	}
}

func TestWhatAPhoneSentIsKeptByThePhoneAlone(t *testing.T) {
	t.Parallel()
	p := start(t, filepath.Join(t.TempDir(), "data"))
	phone, me, inc := p.phone(p.code("/app/"))
	phone.writes(me, inc, 1, newEventID(t), "of a phone")
	if kept := holding(t, p.data, "of a phone"); len(kept) != 1 {
		t.Errorf("it is in %v", kept)
	}
}

func TestWhatADeskWroteIsErasedFromItsCopyToo(t *testing.T) {
	t.Parallel()
	p := start(t, filepath.Join(t.TempDir(), "data"))
	desk, me := p.official()
	inc, secret := newEventID(t), newEventID(t)
	desk.writes(me, inc, 1, secret, "SECRET")
	desk.writes(me, inc, 2, newEventID(t), "kept")
	from := away(t, onlyBackup(t, p.data))
	if len(holding(t, p.data, "SECRET")) != 3 {
		t.Fatal("the secret is not where it would be: this test shows nothing")
	}
	_, err := command(t, "erase", "--event", secret.String(), "--reason", "namn", "--yes", "--data", p.data)
	must(t, err)
	if left := holding(t, p.data, "SECRET"); len(left) > 0 {
		t.Errorf("still in %v", left)
	}
	_, err = command(t, "restore", "--from", from, "--data", p.data)
	must(t, err)
	if left := holding(t, p.data, "SECRET"); len(left) > 0 {
		t.Errorf("after a restore it is in %v", left)
	}
	if res := desk.writes(me, inc, 1, secret, "SECRET"); res.C != wire.ResErased {
		t.Errorf("offered again it is answered %+v", res)
	}
}

func TestWhatADeskWritesOfAnEntryThatIsErasedIsKeptNowhere(t *testing.T) {
	t.Parallel()
	p := start(t, filepath.Join(t.TempDir(), "data"))
	desk, me := p.official()
	inc, entry := newEventID(t), newEventID(t)
	desk.writes(me, inc, 1, entry, "first")
	_, err := command(t, "erase", "--entity", entry.String(), "--reason", "namn", "--yes", "--data", p.data)
	must(t, err)
	if res := desk.insists(batchOf(me, inc, noteOn(me, inc, entry, 2))); res.C != wire.ResErased {
		t.Fatalf("it is answered %+v", res)
	}
	if left := holding(t, p.data, "SECRET"); len(left) > 0 {
		t.Errorf("it is in %v", left)
	}
}

func TestOtherBytesUnderAnIdThatIsStoredAreNotBroughtByARestore(t *testing.T) {
	t.Parallel()
	p := start(t, filepath.Join(t.TempDir(), "data"))
	desk, me := p.official()
	phone, her, inc := p.phone(p.code("/app/"))
	from := onlyBackup(t, p.data)
	id := newEventID(t)
	phone.writes(her, inc, 1, id, "as it was written")
	if res := desk.writes(her, inc, 1, id, "as somebody changed it"); res.C != wire.ResRefused {
		t.Fatalf("a changed file is answered %+v", res)
	}
	desk.writes(me, newEventID(t), 1, id, "nor so")
	_, err := command(t, "restore", "--from", from, "--data", p.data)
	must(t, err)
	if res := phone.writes(her, inc, 1, id, "as it was written"); res.C != wire.ResOK {
		t.Errorf("what the phone brings is answered %+v", res)
	}
}

func TestCopiesThatCannotBeReadBringNoOlderBackup(t *testing.T) {
	t.Parallel()
	p := start(t, filepath.Join(t.TempDir(), "data"))
	desk, me := p.official()
	desk.patrol(me, newEventID(t), 1)
	onlyBackup(t, p.data)
	desk.patrol(me, newEventID(t), 1)
	_, err := command(t, "backup", "--data", p.data)
	must(t, err)
	p.stop()
	harmed(t, p.data, me.Town.ID.String())
	copies := carbon.Path(p.data, me.Town.ID)
	must(t, os.Remove(copies))
	must(t, os.Mkdir(copies, 0o700))
	again := start(t, p.data)
	until(t, "ready", func() bool { return again.status("/readyz") == http.StatusOK })
	until(t, "told", func() bool { return strings.Contains(again.log.String(), "read what desks wrote") })
	if f := again.sitsAgain().followUp(); f.Entries != 2 {
		t.Errorf("%d entries, want the 2 of the newest backup", f.Entries)
	}
}

func TestACopyThatTheDiskChangedIsToldAndTheServerServesOn(t *testing.T) {
	t.Parallel()
	p := start(t, filepath.Join(t.TempDir(), "data"))
	desk, me := p.official()
	desk.writes(me, newEventID(t), 1, newEventID(t), "since")
	p.stop()
	alter(t, carbon.Path(p.data, me.Town.ID), func(b []byte) { b[strings.Index(string(b), "since")] ^= 1 })
	again := start(t, p.data)
	if again.status("/readyz") != http.StatusOK || !strings.Contains(again.log.String(), "1 lines of") {
		t.Error("the server does not serve, or says nothing")
	}
	if out, _ := doctor(t, p.data, 0); !strings.Contains(out, "1 lines of") {
		t.Errorf("the doctor says nothing:\n%s", out)
	}
}

func TestWhatDesksWroteIsTriedAgainUntilTheTownHasIt(t *testing.T) {
	t.Parallel()
	p := start(t, filepath.Join(t.TempDir(), "data"))
	desk, me := p.official()
	from := onlyBackup(t, p.data)
	desk.patrol(me, newEventID(t), 1)
	p.stop()
	path := carbon.Path(p.data, me.Town.ID)
	must(t, os.Rename(path, path+"-away"))
	must(t, os.Mkdir(path, 0o700)) // a disk that gives nothing back
	h, err := openHouse(t.Context(), &outside{clock: clock.Wall{}}, &config.Config{Addr: "localhost:0", Data: p.data}, &policy{})
	must(t, err)
	defer h.closeInto(&err)
	out, err := h.PutBack(t.Context(), putBack{From: from})
	if err != nil || out.Behind == "" {
		t.Fatalf("%+v, %v", out, err)
	}
	log := slog.New(slog.DiscardHandler)
	h.bringOwed(t.Context(), log)
	if len(h.owing.list()) != 1 {
		t.Error("it is not tried again")
	}
	must(t, os.Remove(path))
	must(t, os.Rename(path+"-away", path))
	h.bringOwed(t.Context(), log)
	if now, err := h.Health(t.Context()); err != nil || now[0].Entries != 1 || len(h.owing.list()) > 0 {
		t.Errorf("%+v, %v, after %+v; %v is owed", now, err, out.Head, h.owing.list())
	}
}
