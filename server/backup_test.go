package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"lofteslogg/internal/clock"
	"lofteslogg/internal/config"
	"lofteslogg/internal/event"
	"lofteslogg/internal/store"
	"lofteslogg/internal/store/boltstore"
)

// turned is a clock that a test turns.
type turned struct{ ahead atomic.Int64 }

func (c *turned) Now() time.Time       { return time.Now().Add(time.Duration(c.ahead.Load())) }
func (c *turned) turn(d time.Duration) { c.ahead.Add(int64(d)) }

// atHome is a house without a server, with the example town.
func atHome(t *testing.T, data string, keep int) (*house, *turned) {
	t.Helper()
	c := &turned{}
	return houseOf(t, data, &outside{clock: c}, keep), c
}

func houseOf(t *testing.T, data string, o *outside, keep int) *house {
	t.Helper()
	h, err := openHouse(t.Context(), o, &config.Config{Addr: "localhost:0", Data: data}, &policy{BackupEvery: 24 * time.Hour, BackupKeep: keep})
	must(t, err)
	t.Cleanup(func() { must(t, h.close()) })
	must(t, h.firstTown(t.Context()))
	return h
}

func backups(t *testing.T, dir string) []*manifest {
	t.Helper()
	all, strange, err := backupsIn(dir)
	must(t, err)
	if len(strange) > 0 {
		t.Errorf("no backups: %v", strange)
	}
	return all
}

// spoil takes a row from a town, which no checksum shows.
func spoil(t *testing.T, engine store.Engine, town event.ID) {
	t.Helper()
	must(t, engine.Update(t.Context(), town, func(tx store.Tx) error {
		var key []byte
		if err := tx.Scan(store.Changes, nil, nil, func(k, _ []byte) bool { key = append(key, k...); return false }); err != nil {
			return err
		}
		return tx.Delete(store.Changes, key)
	}))
}

func TestABackupIsMadeBesideARunningServerAndWithout(t *testing.T) {
	t.Parallel()
	p, town := lived(t)
	_, err := command(t, "town", "add", "Ekeby", "--slug", "ekeby", "--data", p.data)
	must(t, err)
	for i, when := range []string{"with", "without"} {
		out, err := command(t, "backup", "--data", p.data)
		if err != nil || strings.Count(out, "verified") != 2 || strings.Contains(out, "NOT") {
			t.Fatalf("%s a server: %q, %v", when, out, err)
		}
		all := backups(t, filepath.Join(p.data, "backups"))
		if len(all) != i+1 {
			t.Fatalf("%s a server: %d backups", when, len(all))
		}
		m := all[i]
		kept, err := m.town("munkfors")
		must(t, err)
		if kept.Town != town || kept.Head.Seq < 4 || kept.Head.Epoch.IsZero() || len(kept.Head.Chain) != 64 || m.Made.IsZero() || m.Format != 1 {
			t.Errorf("%s a server: %+v", when, m)
		}
		for _, f := range []filed{kept.filed, m.Access} {
			must(t, f.check(filepath.Join(m.dir, f.File)))
			if mode := modeOf(t, m.dir, f.File); mode != 0o600 {
				t.Errorf("%s is %o", f.File, mode)
			}
		}
		p.stop()
	}
}

func TestABackupElsewhereOfOneTownLeavesTheServersOwnAlone(t *testing.T) {
	p, town := lived(t)
	to := filepath.Join(t.TempDir(), "deep", "down")
	_, err := command(t, "backup", "--town", "munkfors", "--to", to, "--data", p.data)
	must(t, err)
	if all := backups(t, to); len(all) != 1 || len(all[0].Towns) != 1 || all[0].Towns[0].Town != town {
		t.Errorf("got %+v", all)
	}
	if all := backups(t, filepath.Join(p.data, "backups")); len(all) != 0 {
		t.Errorf("%d in the server's own folder", len(all))
	}
}

func TestTheLastTwoVerifiedBackupsAreNeverRemoved(t *testing.T) {
	t.Parallel()
	h, c := atHome(t, filepath.Join(t.TempDir(), "data"), 1)
	var good []string
	for range 4 {
		b, err := h.Backup(t.Context(), newBackup{})
		must(t, err)
		good = append(good, b.Dir)
		c.turn(time.Hour)
	}
	spoil(t, h.engine, h.replica.Towns()[0])
	for range 3 {
		b, err := h.Backup(t.Context(), newBackup{})
		if must(t, err); b.Manifest.failed() == nil {
			t.Fatal("a spoilt town was verified")
		}
		c.turn(time.Hour)
	}
	all := backups(t, h.shelf.dir)
	if len(all) != 3 || all[0].dir != good[2] || all[1].dir != good[3] || all[2].Towns[0].Verified {
		t.Errorf("%d are left, the first %s", len(all), all[0].dir)
	}
	if n := len(h.shelf.kept(h.replica.Towns()[0])); n != 2 {
		t.Errorf("%d are offered for restore", n)
	}
}

func TestPhonesMayLetGoOfWhatTwoVerifiedBackupsHave(t *testing.T) {
	t.Parallel()
	p := start(t, filepath.Join(t.TempDir(), "data"))
	phone, me, inc := p.phone(p.code("/app/"))
	var had []uint64
	for n := range uint64(4) {
		_, reply := phone.patrol(me, inc, n+1)
		want := uint64(0)
		if n >= 2 {
			want = had[0]
		}
		if reply.Safe != want {
			t.Errorf("with %d backups, safe is %d and not %d", n, reply.Safe, want)
		}
		had = append(had, reply.Head.Seq)
		_, err := command(t, "backup", "--data", p.data)
		must(t, err)
	}
}

func TestACopyThatIsNotVerifiedIsKeptAsideAndTheServerStaysReady(t *testing.T) {
	p, town := lived(t)
	p.stop()
	engine, err := boltstore.Open(p.data, boltstore.Options{})
	must(t, err)
	spoil(t, engine, town)
	must(t, engine.Close())
	p = start(t, p.data)
	out, err := command(t, "backup", "--data", p.data)
	if err == nil || !strings.Contains(out, "NOT VERIFIED") || !strings.Contains(err.Error(), "not safe to restore") || !strings.Contains(err.Error(), ".db.failed") {
		t.Errorf("%q, %v", out, err)
	}
	all := backups(t, filepath.Join(p.data, "backups"))
	if _, err := os.Stat(filepath.Join(all[0].dir, town.String()+".db.failed")); err != nil {
		t.Error(err)
	}
	if status := (guest{p: p}).ask(http.MethodGet, "/readyz", nil, new(string)); status != 200 {
		t.Errorf("readyz says %d", status)
	}
}

func TestABackupThatIsNotVerifiedIsAnErrorInTheLog(t *testing.T) {
	h, _ := atHome(t, filepath.Join(t.TempDir(), "data"), 3)
	spoil(t, h.engine, h.replica.Towns()[0])
	var said safeBuffer
	log := slog.New(slog.NewJSONHandler(&said, nil))
	h.backupIfDue(t.Context(), log)
	if !strings.Contains(said.String(), `"level":"ERROR","msg":"backup is not verified"`) {
		t.Errorf("the log says %s", said.String())
	}
	h.backupIfDue(t.Context(), log)
	if n := len(backups(t, h.shelf.dir)); n != 1 {
		t.Errorf("%d backups; the next was not due", n)
	}
}

func TestABackupIsDueWhateverTheClockDid(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		turn time.Duration
		due  bool
	}{{0, false}, {23 * time.Hour, false}, {25 * time.Hour, true}, {365 * 24 * time.Hour, true}, {-365 * 24 * time.Hour, true}} {
		h, clock := atHome(t, filepath.Join(t.TempDir(), "data"), 3)
		_, err := h.Backup(t.Context(), newBackup{})
		must(t, err)
		clock.turn(c.turn)
		if due, err := h.shelf.due(clock.Now()); due != c.due || err != nil {
			t.Errorf("after %v: due %v, %v", c.turn, due, err)
		}
	}
}

func TestWhereNothingCanBeWrittenNothingIsLeft(t *testing.T) {
	h, _ := atHome(t, filepath.Join(t.TempDir(), "data"), 3)
	file := filepath.Join(t.TempDir(), "file")
	must(t, os.WriteFile(file, nil, 0o600))
	if _, err := h.Backup(t.Context(), newBackup{To: filepath.Join(file, "x")}); err == nil || !strings.Contains(err.Error(), "not a directory") {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	to := t.TempDir()
	_, err := h.Backup(ctx, newBackup{To: to})
	if left, _ := os.ReadDir(to); err == nil || len(left) > 0 {
		t.Errorf("broken off: %v, %v are left", err, left)
	}
}

func TestTheServerStopsWhileABackupIsMade(t *testing.T) {
	h, _ := atHome(t, filepath.Join(t.TempDir(), "data"), 3)
	closing := make(chan struct{})
	close(closing)
	h.closing = closing
	if _, err := h.Backup(t.Context(), newBackup{}); err == nil {
		t.Log("it was quicker") // both are right; what matters is that nothing half made is left
	}
	if list, err := filepath.Glob(filepath.Join(h.shelf.dir, ".partial*")); err != nil || len(list) > 0 {
		t.Errorf("%v, %v", list, err)
	}
}

func TestAPolicyThatCannotBeMeantIsRefused(t *testing.T) {
	for _, flag := range []string{"--backup-keep=0", "--backup-every=-1h", "--backup-every=often"} {
		err := run(t.Context(), outside{args: []string{"version", flag}, stdout: &safeBuffer{}, stderr: &safeBuffer{}, clock: clock.Wall{}})
		if err == nil {
			t.Errorf("%s was taken", flag)
		}
	}
}

func countRows(n *int) func(store.Tx) error {
	return func(tx store.Tx) error {
		return tx.Scan(store.Rows, nil, nil, func(_, _ []byte) bool { *n++; return true })
	}
}

func TestWhatIsLeftOfABackupThatWasBrokenOffIsClearedAwayByTheNext(t *testing.T) {
	h, _ := atHome(t, filepath.Join(t.TempDir(), "data"), 14)
	left := filepath.Join(h.shelf.dir, partialBackup+"2026-11-23T020717Z")
	must(t, os.MkdirAll(left, 0o700))
	must(t, os.WriteFile(filepath.Join(left, "x.db"), []byte("half"), 0o600))
	_, err := h.Backup(t.Context(), newBackup{})
	must(t, err)
	if _, err := os.Stat(left); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("it is still there: %v", err)
	}
}
