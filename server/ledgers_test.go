package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lofteslogg/internal/event"
	"lofteslogg/internal/wire"
)

// away copies a backup to where the server does not reach.
func away(t *testing.T, dir string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), filepath.Base(dir))
	must(t, os.CopyFS(to, os.DirFS(dir)))
	return to
}

// forgotten is a town of which a backup, carried away before, still has what was erased.
func forgotten(t *testing.T) (p *program, phone guest, me wire.EnrolReply, inc, secret event.ID, from string) {
	t.Helper()
	p, phone, me, inc, secret = secretive(t)
	from = away(t, backups(t, filepath.Join(p.data, "backups"))[0].dir)
	_, err := command(t, "erase", "--event", secret.String(), "--reason", "namn", "--decision", "KS 2026/12", "--yes", "--data", p.data)
	must(t, err)
	if len(holding(t, from, "SECRET")) != 1 {
		t.Fatal("the secret is not where it would be: this test shows nothing")
	}
	return p, phone, me, inc, secret, from
}

func TestABackupThatWasElsewhereIsPutBackWithoutWhatWasErased(t *testing.T) {
	t.Parallel()
	p, phone, me, inc, secret, from := forgotten(t)
	_, err := command(t, "restore", "--from", from, "--data", p.data)
	must(t, err)
	if left := holding(t, p.data, "SECRET"); len(left) > 0 {
		t.Errorf("it is in %v again", left)
	}
	if res := phone.writes(me, inc, 1, secret, "SECRET-one"); res.C != wire.ResErased {
		t.Errorf("offered again it is answered %+v", res)
	}
	if out, err := command(t, "verify", "--data", p.data); err != nil {
		t.Errorf("%s%v", out, err)
	}
}

func TestADamagedTownGetsABackupWithoutWhatWasErased(t *testing.T) {
	t.Parallel()
	p, phone, me, inc, secret, from := forgotten(t)
	p.stop()
	shelf := filepath.Join(p.data, "backups")
	must(t, os.RemoveAll(shelf))
	must(t, os.CopyFS(filepath.Join(shelf, filepath.Base(from)), os.DirFS(from)))
	path, _ := harmed(t, p.data, me.Town.ID.String())
	phone.p = start(t, p.data)
	until(t, "ready", func() bool { return phone.p.status("/readyz") == http.StatusOK })
	if held := holding(t, path, "SECRET"); len(held) > 0 {
		t.Error("it is in the town's file again")
	}
	if res := phone.writes(me, inc, 1, secret, "SECRET-one"); res.C != wire.ResErased {
		t.Errorf("offered again it is answered %+v", res)
	}
}

func TestABackupBringsItsLedgerToANewMachine(t *testing.T) {
	t.Parallel()
	p, phone, me, inc, secret, old := forgotten(t)
	_, err := command(t, "backup", "--data", p.data)
	must(t, err)
	all := backups(t, filepath.Join(p.data, "backups"))
	data := filepath.Join(t.TempDir(), "new")
	_, err = command(t, "restore", "--from", all[len(all)-1].dir, "--data", data)
	must(t, err)
	a, err := os.ReadFile(ledgerIn(p.data, me.Town.ID))
	must(t, err)
	if b, err := os.ReadFile(ledgerIn(data, me.Town.ID)); err != nil || string(a) != string(b) || !strings.Contains(string(a), "KS 2026/12") {
		t.Errorf("the ledger is there %q, %v, and was here %q", b, err, a)
	}
	if _, err := command(t, "restore", "--from", old, "--data", data); err != nil {
		t.Fatal(err)
	}
	if left := holding(t, data, "SECRET"); len(left) > 0 {
		t.Errorf("an older backup brought it to %v", left)
	}
	phone.p = start(t, data)
	if res := phone.writes(me, inc, 1, secret, "SECRET-one"); res.C != wire.ResErased {
		t.Errorf("offered again it is answered %+v", res)
	}
}

func TestAnExportTakesTheLedgerAlongAndAnOldOneBringsNothingBack(t *testing.T) {
	t.Parallel()
	p, phone, me, inc, secret := secretive(t)
	phone.writes(me, inc, 1, secret, "SECRET-one")
	before, text := exported(t, p.data)
	if !strings.Contains(text, "SECRET-one") {
		t.Fatal("the secret is not in the export: this test shows nothing")
	}
	_, err := command(t, "erase", "--entity", secret.String(), "--reason", "namn", "--yes", "--data", p.data)
	must(t, err)
	after, _ := exported(t, p.data)
	data := filepath.Join(t.TempDir(), "new")
	_, err = command(t, "import", after, "--data", data)
	must(t, err)
	if out, err := command(t, "verify", "--data", data); err != nil || ledgerLines(t, data, me.Town.ID) != 2 {
		t.Errorf("%s%v", out, err)
	}
	must(t, os.Remove(filepath.Join(data, me.Town.ID.String()+".db")))
	_, err = command(t, "import", before, "--data", data)
	must(t, err)
	if left := holding(t, data, "SECRET"); len(left) > 0 {
		t.Errorf("an older export brought it to %v", left)
	}
	phone.p = start(t, data)
	out, err := command(t, "invite", "--role", "coordinator", "--account", me.Account.String(), "--data", data)
	if err == nil {
		_, _ = phone.p.out.Write([]byte(out))
	}
	phone, _, _ = phone.p.phone(phone.p.code("/app/"))
	if res := phone.writes(me, inc, 1, secret, "SECRET-one"); res.C != wire.ResErased {
		t.Errorf("offered again it is answered %+v", res)
	}
}

func TestALedgerThatWasChangedIsToldAndTheServerServesOn(t *testing.T) {
	t.Parallel()
	p, phone, me, inc, _, from := forgotten(t)
	p.stop()
	path := ledgerIn(p.data, me.Town.ID)
	alter(t, path, func(b []byte) { b[60] ^= 1 })
	must(t, os.WriteFile(underWay(p.data, me.Town.ID), nil, 0o600))
	phone.p = start(t, p.data)
	other := newEventID(t)
	if res := phone.writes(me, inc, 3, other, "new"); res.C != wire.ResOK && res.C != wire.ResParked {
		t.Errorf("a push is answered %+v", res)
	}
	for name, args := range map[string][]string{
		"erase":   {"erase", "--event", other.String(), "--reason", "namn", "--yes"},
		"restore": {"restore", "--from", from}, "verify": {"verify"}, "doctor": {"doctor"},
	} {
		out, err := command(t, append(args, "--data", p.data)...)
		if err == nil || !strings.Contains(out+err.Error(), path+", line 1") {
			t.Errorf("%s says %q, %v", name, out, err)
		}
	}
	if res := phone.writes(me, inc, 3, other, "new"); res.C == wire.ResErased {
		t.Error("it was erased")
	}
}

func TestALedgerThatIsMissingShowsInVerify(t *testing.T) {
	t.Parallel()
	p, _, me, _, secret, _ := forgotten(t)
	must(t, os.Remove(ledgerIn(p.data, me.Town.ID)))
	out, err := command(t, "verify", "--data", p.data)
	if err == nil || !strings.Contains(out, "event "+secret.String()+" is erased, and the ledger does not have it") {
		t.Errorf("%q, %v", out, err)
	}
}

func TestACopyThatCannotBeChangedGoesAloneAndIsNamed(t *testing.T) {
	t.Parallel()
	p, phone, me, inc, secret := secretive(t)
	_, err := command(t, "town", "add", "Ekeby", "--slug", "ekeby", "--data", p.data)
	must(t, err)
	phone.writes(me, inc, 1, secret, "SECRET-one")
	_, err = command(t, "backup", "--data", p.data)
	must(t, err)
	all := backups(t, filepath.Join(p.data, "backups"))
	last := all[len(all)-1]
	alter(t, filepath.Join(last.dir, me.Town.ID.String()+".db"), func(b []byte) { b[len(b)/2] ^= 1 })
	out, err := command(t, "erase", "--town", "munkfors", "--event", secret.String(), "--reason", "namn", "--yes", "--data", p.data)
	if err != nil || !strings.Contains(out, "Removed, since it could not be written anew: the copy in "+last.dir) {
		t.Errorf("%q, %v", out, err)
	}
	if left := holding(t, p.data, "SECRET"); len(left) > 0 {
		t.Errorf("still in %v", left)
	}
	all = backups(t, filepath.Join(p.data, "backups"))
	last = all[len(all)-1]
	there, err := last.town("ekeby")
	must(t, err)
	gone, err := last.town("munkfors")
	must(t, err)
	if there.File == "" || !there.Verified || gone.File != "" || gone.Verified || last.failed() == nil {
		t.Errorf("the backup has %+v and %+v", there, gone)
	}
}
