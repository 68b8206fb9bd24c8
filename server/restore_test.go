package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"lofteslogg/internal/event"
	"lofteslogg/internal/store/boltstore"
	"lofteslogg/internal/wire"
)

// onlyBackup is the folder of the one backup that the server made.
func onlyBackup(t *testing.T, data string) string {
	t.Helper()
	_, err := command(t, "backup", "--data", data)
	must(t, err)
	all := backups(t, filepath.Join(data, "backups"))
	if len(all) != 1 {
		t.Fatalf("%d backups", len(all))
	}
	return all[0].dir
}

func (g guest) show(me wire.EnrolReply, inc event.ID, head *wire.Head) (reply wire.PushReply) {
	g.p.t.Helper()
	if status := g.ask("POST", "/api/v1/sync/push", wire.PushRequest{P: 1, Town: me.Town.ID, Inc: inc, Turn: 99, App: "test", Head: head, Events: []wire.PushItem{}}, &reply); status != 200 {
		g.p.t.Fatalf("an empty push: %d", status)
	}
	return reply
}

func TestARestoreBesideARunningServerHasPhonesOfferAgain(t *testing.T) {
	t.Parallel()
	p := start(t, filepath.Join(t.TempDir(), "data"))
	desk := p.desk(p.code("/desk/"))
	phone, me, inc := p.phone(p.code("/app/"))
	phone.patrol(me, inc, 1)
	_, before := phone.patrol(me, inc, 2)
	from := onlyBackup(t, p.data)
	_, after := phone.patrol(me, inc, 3)
	out, err := command(t, "restore", "--from", from, "--data", p.data)
	if err != nil || !strings.Contains(out, "munkfors is as it was") {
		t.Fatalf("%q, %v", out, err)
	}
	if f := desk.followUp(); f.Entries != 2 {
		t.Errorf("%d entries, want 2", f.Entries)
	}
	if reply := phone.show(me, inc, &before.Head); reply.Reoffer || reply.Head.Epoch == before.Head.Epoch {
		t.Errorf("a head that the backup has: %+v", reply)
	}
	if reply := phone.show(me, inc, &after.Head); !reply.Reoffer {
		t.Error("a head that the backup lacks is known")
	}
	if _, reply := phone.patrol(me, inc, 3); reply.Res[0].C != wire.ResOK {
		t.Errorf("what came since: %+v", reply.Res)
	}
	if f := desk.followUp(); f.Entries != 3 {
		t.Errorf("%d entries, want 3", f.Entries)
	}
	aside, err := filepath.Glob(filepath.Join(p.data, "*.db.before-restore-*"))
	if err != nil || len(aside) != 1 {
		t.Errorf("kept aside: %v, %v", aside, err)
	}
	for _, args := range [][]string{{"verify", "--data", p.data}, {"verify", "--file", aside[0]}} {
		if out, err := command(t, args...); err != nil {
			t.Errorf("%v: %q, %v", args, out, err)
		}
	}
}

func TestARestoreOnANewMachineBringsTheAccounts(t *testing.T) {
	t.Parallel()
	p, town := lived(t)
	from := onlyBackup(t, p.data)
	p.stop()
	data := filepath.Join(t.TempDir(), "new")
	_, err := command(t, "restore", "--from", from, "--data", data)
	must(t, err)
	out, err := command(t, "person", "list", "--data", data)
	if err != nil || strings.Count(out, "\n") != 2 {
		t.Errorf("%q, %v", out, err)
	}
	q := start(t, data)
	if f := q.desk(q.code("/desk/")).followUp(); f.Entries != 3 || f.Town.ID != town {
		t.Errorf("got %+v", f)
	}
}

func TestWhatIsNoGoodBackupChangesNothing(t *testing.T) {
	t.Parallel()
	p, town := lived(t)
	good := onlyBackup(t, p.data)
	file := town.String() + ".db"
	for _, c := range []struct {
		name  string
		spoil func(dir string)
		said  string
	}{
		{"torn", func(dir string) { must(t, os.Truncate(filepath.Join(dir, file), 20_000)) }, "torn"},
		{"a foreign file", func(dir string) { swap(t, dir, file, []byte(strings.Repeat("JFIF", 20_000))) }, "torn"},
		{"an empty file", func(dir string) { swap(t, dir, file, nil) }, "torn"},
		{"a town's file of a newer version", func(dir string) {
			swap(t, dir, file, fromTomorrow(t, filepath.Join(dir, file)))
		}, "written by a newer version"},
		{"a torn manifest", func(dir string) { must(t, os.Truncate(filepath.Join(dir, manifestName), 100)) }, "manifest.json cannot be read"},
		{"torn accounts", func(dir string) { must(t, os.Truncate(filepath.Join(dir, accessName), 5000)) }, "access.db is torn"},
		{"changed", func(dir string) { alter(t, filepath.Join(dir, file), func(b []byte) { b[9000] ^= 1 }) }, "was changed"},
		{"gone", func(dir string) { must(t, os.Remove(filepath.Join(dir, file))) }, "no such file"},
		{"newer", func(dir string) { edit(t, dir, func(m *manifest) { m.Format = 2; m.Version = "v9" }) }, "made by version v9"},
		{"not verified", func(dir string) { edit(t, dir, func(m *manifest) { m.Towns[0].Verified = false }) }, "was not verified"},
		{"no manifest", func(dir string) { must(t, os.Remove(filepath.Join(dir, manifestName))) }, "is no backup"},
		{"of a town that is not here", func(dir string) { edit(t, dir, func(m *manifest) { m.Towns[0].Town[15] ^= 1 }) }, "no town of this server"},
		{"with another town's file", func(dir string) {
			other := start(t, filepath.Join(t.TempDir(), "other"))
			foreign := onlyBackup(t, other.data)
			m, err := readManifest(foreign)
			must(t, err)
			must(t, os.Rename(filepath.Join(foreign, m.Towns[0].File), filepath.Join(dir, file)))
			edit(t, dir, func(to *manifest) { to.Towns[0].filed = m.Towns[0].filed; to.Towns[0].File = file })
		}, "an event of town"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "backup")
			must(t, os.CopyFS(dir, os.DirFS(good)))
			c.spoil(dir)
			before := held(t, p.data)
			_, err := command(t, "restore", "--from", dir, "--data", p.data)
			if err == nil || !strings.Contains(err.Error(), c.said) {
				t.Errorf("got %v", err)
			}
			if after := held(t, p.data); after != before {
				t.Errorf("the folder had\n%s\nand has\n%s", before, after)
			}
			if status := (guest{p: p}).ask(http.MethodGet, "/readyz", nil, new(string)); status != 200 {
				t.Errorf("readyz says %d", status)
			}
		})
	}
	empty := filepath.Join(t.TempDir(), "empty")
	if _, err := command(t, "restore", "--from", t.TempDir(), "--data", empty); err == nil {
		t.Error("no backup at all was taken")
	}
	if _, err := os.Stat(empty); err == nil {
		t.Error("a data folder was made for nothing")
	}
}

func TestACopyThatWasCutAnywhereIsRefused(t *testing.T) {
	t.Parallel()
	p, town := lived(t)
	good := onlyBackup(t, p.data)
	file := town.String() + ".db"
	whole, err := os.ReadFile(filepath.Join(good, file))
	must(t, err)
	size := len(whole)
	for _, at := range []int{0, 1, 100, 4096, 8192, size / 2, size - 4096, size - 1} {
		for _, honest := range []bool{true, false} { // or the manifest was made for what is left
			if at == size-1 && !honest {
				continue // the last page ends with bytes that hold nothing: such a copy is whole
			}
			dir := filepath.Join(t.TempDir(), "backup")
			must(t, os.CopyFS(dir, os.DirFS(good)))
			if honest {
				must(t, os.Truncate(filepath.Join(dir, file), int64(at)))
			} else {
				swap(t, dir, file, whole[:at])
			}
			before := held(t, p.data)
			_, err := command(t, "restore", "--from", dir, "--data", p.data)
			if err == nil || !strings.Contains(err.Error(), "nothing was changed") || !strings.Contains(err.Error(), "torn") || !strings.Contains(err.Error(), file) {
				t.Errorf("cut at %d of %d: %v", at, size, err)
			}
			if after := held(t, p.data); after != before {
				t.Errorf("cut at %d: the folder had\n%s\nand has\n%s", at, before, after)
			}
		}
	}
	if out, err := command(t, "verify", "--data", p.data); err != nil {
		t.Errorf("%s, %v", out, err)
	}
}

// swap puts another file in a backup, with a manifest that fits it.
func swap(t *testing.T, dir, file string, b []byte) {
	t.Helper()
	must(t, os.WriteFile(filepath.Join(dir, file), b, 0o600))
	sum := sha256.Sum256(b)
	edit(t, dir, func(m *manifest) { m.Towns[0].Size, m.Towns[0].SHA256 = int64(len(b)), hex.EncodeToString(sum[:]) })
}

func alter(t *testing.T, path string, change func([]byte)) {
	t.Helper()
	b, err := os.ReadFile(path)
	must(t, err)
	change(b)
	must(t, os.WriteFile(path, b, 0o600))
}

func edit(t *testing.T, dir string, change func(*manifest)) {
	t.Helper()
	m, err := readManifest(dir)
	must(t, err)
	change(m)
	b, err := json.Marshal(m)
	must(t, err)
	must(t, os.WriteFile(filepath.Join(dir, manifestName), b, 0o600))
}

// held lists the files of a data folder and what the towns' begin with.
func held(t *testing.T, data string) string {
	t.Helper()
	var b strings.Builder
	must(t, filepath.WalkDir(data, func(path string, _ os.DirEntry, err error) error {
		if filepath.Base(path) != copiesName {
			b.WriteString(path + "\n")
		}
		return err
	}))
	return b.String()
}

func TestPushesDuringARestoreAreRefusedOrCounted(t *testing.T) {
	t.Parallel()
	p := start(t, filepath.Join(t.TempDir(), "data"))
	phone, me, inc := p.phone(p.code("/app/"))
	phone.patrol(me, inc, 1)
	from := onlyBackup(t, p.data)
	ctx, stop := context.WithCancel(t.Context())
	var pushing sync.WaitGroup
	pushing.Go(func() {
		for n := uint64(2); ctx.Err() == nil; n++ {
			phone.patrol(me, inc, n)
		}
	})
	for range 3 {
		_, err := command(t, "restore", "--from", from, "--data", p.data)
		must(t, err)
	}
	stop()
	pushing.Wait()
	f := p.desk(p.code("/desk/")).followUp()
	var rows int
	p.stop()
	must(t, boltstore.Inspect(fileOf(p.data, me.Town.ID), countRows(&rows)))
	if f.Entries != rows {
		t.Errorf("the desk counts %d, the file has %d", f.Entries, rows)
	}
	if out, err := command(t, "verify", "--data", p.data); err != nil {
		t.Errorf("%q, %v", out, err)
	}
}

func TestATownThatCannotBeReadIsRestored(t *testing.T) {
	t.Parallel()
	p, town := lived(t)
	from := filepath.Join(t.TempDir(), "elsewhere") // where the server does not look by itself
	must(t, os.Rename(onlyBackup(t, p.data), from))
	p.stop()
	must(t, os.WriteFile(fileOf(p.data, town), bytes.Repeat([]byte("x"), 40_000), 0o600))
	p = start(t, p.data)
	if status := (guest{p: p}).ask(http.MethodGet, "/readyz", nil, new(string)); status != 503 {
		t.Errorf("readyz says %d of a torn town", status)
	}
	_, err := command(t, "restore", "--from", from, "--data", p.data)
	must(t, err)
	if out, err := command(t, "verify", "--data", p.data); err != nil || !strings.Contains(out, "3 rows") {
		t.Errorf("%q, %v", out, err)
	}
}
