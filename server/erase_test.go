package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lofteslogg/internal/clock"
	"lofteslogg/internal/event"
	"lofteslogg/internal/wire"
)

// writes pushes an entry with a note and tells how it was answered.
func (g guest) writes(me wire.EnrolReply, inc event.ID, n uint64, id event.ID, note string) wire.PushResult {
	g.p.t.Helper()
	return g.insists(batchOf(me, inc, noteOf(me, inc, n, id, note)))
}

// noteOf is an entry with a note.
func noteOf(me wire.EnrolReply, inc event.ID, n uint64, id event.ID, note string) wire.PushItem {
	e := event.Event{
		Version: 1, Town: me.Town.ID, ID: id, Entity: id, Inc: inc, N: n, HLC: clock.Of(1_795_000_000_000+int64(n), 0), By: me.Account, Catalog: 1,
		New: &event.Birth{Type: "activity", Kind: "foot_patrol"}, Set: []event.Field{{Name: "minutes", Value: event.Int(40)}, {Name: "note", Value: event.Text(note)}},
	}
	return wire.PushItem{ID: id.String(), Inc: inc.String(), N: int64(n), Seal: "none", Ev: string(e.Append(nil))}
}

// holding lists the files under a folder in which a text stands.
func holding(t *testing.T, folder, text string) (files []string) {
	t.Helper()
	must(t, filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.Type()&fs.ModeSocket != 0 || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if bytes.Contains(b, []byte(text)) {
			files = append(files, path)
		}
		return err
	}))
	return files
}

func newEventID(t *testing.T) event.ID {
	t.Helper()
	id, err := event.NewID()
	must(t, err)
	return id
}

func TestWhatIsErasedIsInNoByteOfAnyFileAndStaysErased(t *testing.T) {
	t.Parallel()
	p := start(t, filepath.Join(t.TempDir(), "data"))
	phone, me, inc := p.phone(p.code("/app/"))
	one, two, three := newEventID(t), newEventID(t), newEventID(t)
	phone.writes(me, inc, 1, one, "SECRET-one")
	phone.writes(me, inc, 2, two, "SECRET-two")
	from := onlyBackup(t, p.data)
	phone.writes(me, inc, 3, three, "kept")
	_, err := command(t, "restore", "--from", from, "--data", p.data) // leaves a former file aside
	must(t, err)
	phone.writes(me, inc, 3, three, "kept")
	if len(holding(t, p.data, "SECRET")) < 3 {
		t.Fatal("the secrets are not where they would be: this test shows nothing")
	}
	out, err := command(t, "erase", "--event", one.String(), "--entity", two.String(), "--reason", "namn", "--yes", "--data", p.data)
	if err != nil || !strings.Contains(out, "events erased: 2, whole entities: 1.") || strings.Count(out, "Backup written anew") != 1 {
		t.Fatalf("%q, %v", out, err)
	}
	if left := holding(t, p.data, "SECRET"); len(left) > 0 {
		t.Errorf("still in %v", left)
	}
	for _, copied := range backups(t, filepath.Join(p.data, "backups")) {
		if info, err := os.Stat(filepath.Join(copied.dir, copied.Towns[0].File)); err != nil || info.Size() > 1<<20 {
			t.Errorf("the copy that was written anew is %d bytes, %v", info.Size(), err)
		}
	}
	if len(holding(t, p.data, "kept")) == 0 {
		t.Error("what was not erased is gone too")
	}
	for name, res := range map[string]wire.PushResult{
		"offered again": phone.writes(me, inc, 1, one, "SECRET-one"), "of the entity that was erased": phone.writes(me, inc, 2, two, "SECRET-two"),
	} {
		if res.C != wire.ResErased {
			t.Errorf("%s: %+v", name, res)
		}
	}
	if _, err := command(t, "verify", "--data", p.data); err != nil {
		t.Error(err)
	}
	all := backups(t, filepath.Join(p.data, "backups"))
	if _, err := command(t, "restore", "--from", all[0].dir, "--data", p.data); err != nil {
		t.Fatal(err)
	}
	if res := phone.writes(me, inc, 1, one, "SECRET-one"); res.C != wire.ResErased {
		t.Errorf("after a restore: %+v", res)
	}
	if left := holding(t, p.data, "SECRET"); len(left) > 0 {
		t.Errorf("after a restore it is in %v", left)
	}
	if _, err := command(t, "verify", "--data", p.data); err != nil {
		t.Error(err)
	}
}

func TestErasingWhatIsNotHereChangesNothing(t *testing.T) {
	p, _ := lived(t)
	for _, args := range [][]string{
		{"--event", newEventID(t).String()}, {"--entity", newEventID(t).String()}, {"--event", "x"}, {},
	} {
		if out, err := command(t, append([]string{"erase", "--reason", "namn", "--yes", "--data", p.data}, args...)...); err == nil {
			t.Errorf("%v: %q", args, out)
		}
	}
	if list, err := filepath.Glob(filepath.Join(p.data, "*.eras*")); err != nil || len(list) > 0 {
		t.Errorf("left: %v, %v", list, err)
	}
}

func TestNothingIsErasedUntilSomebodySaysYes(t *testing.T) {
	t.Parallel()
	p, phone, me, inc, secret := secretive(t)
	out, err := command(t, "erase", "--event", secret.String(), "--reason", "namn", "--data", p.data)
	if err == nil || !strings.Contains(out, "takes away 1 events and 0 whole entities for good") {
		t.Errorf("%q, %v", out, err)
	}
	if res := phone.writes(me, inc, 1, secret, "SECRET-one"); res.C == wire.ResErased {
		t.Error("it is erased")
	}
}

// A mender and a restore keep the files that they put aside, and those of a mender are damaged.
func TestErasingBesideDamagedFilesThatWerePutAside(t *testing.T) {
	t.Parallel()
	p := start(t, filepath.Join(t.TempDir(), "data"))
	phone, me, inc := p.phone(p.code("/app/"))
	one := newEventID(t)
	phone.writes(me, inc, 1, one, "SECRET-one")
	p.stop()
	raw, err := os.ReadFile(fileOf(p.data, me.Town.ID))
	must(t, err)
	const page, leaf = 4096, 2
	n := 0
	for at := 2 * page; at < len(raw); at += page {
		if binary.LittleEndian.Uint16(raw[at+8:]) != leaf {
			continue
		}
		raw[at+8] ^= 0x40 // bbolt panics on it
		must(t, os.WriteFile(fmt.Sprintf("%s.damaged-%d", fileOf(p.data, me.Town.ID), n), raw, 0o600))
		raw[at+8] ^= 0x40
		n++
	}
	p = start(t, p.data)
	out, err := command(t, "erase", "--event", one.String(), "--reason", "namn", "--yes", "--data", p.data)
	if err != nil || n < 3 || !strings.Contains(out, "damaged-") {
		t.Errorf("beside %d damaged files: %q, %v", n, out, err)
	}
	if left := holding(t, p.data, "SECRET"); len(left) > 0 {
		t.Errorf("still in %v", left)
	}
	if status := p.status("/readyz"); status != http.StatusOK {
		t.Errorf("ready: %d", status)
	}
}
