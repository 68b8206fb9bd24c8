package main

import (
	"encoding/binary"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lofteslogg/internal/wire"
)

// until asks again until it is so.
func until(t *testing.T, what string, so func() bool) {
	t.Helper()
	for limit := time.Now().Add(30 * time.Second); !so(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(limit) {
			t.Fatalf("still not so: %s", what)
		}
	}
}

// harmed writes over the middle of a town's file.
func harmed(t *testing.T, data, town string) (path string, was []byte) {
	path = filepath.Join(data, town+".db")
	alter(t, path, func(b []byte) {
		was = append(was, b...)
		used := len(strings.TrimRight(string(b), "\x00"))
		clear(b[8192 : used-4096])
	})
	return path, was
}

func TestADamagedTownStartsFromItsNewestBackupAndPhonesBringTheRest(t *testing.T) {
	t.Parallel()
	p := start(t, filepath.Join(t.TempDir(), "data"))
	phone, me, inc := p.phone(p.code("/app/"))
	phone.patrol(me, inc, 1)
	onlyBackup(t, p.data)
	last, after := phone.patrol(me, inc, 2)
	p.stop()
	harmed(t, p.data, me.Town.ID.String())

	again := start(t, p.data)
	until(t, "ready", func() bool { return again.status("/readyz") == http.StatusOK })
	phone.p = again
	if reply := phone.show(me, inc, &after.Head); !reply.Reoffer {
		t.Error("the phone is not asked for what the backup lacks")
	}
	phone.patrol(me, inc, 2)
	out, err := command(t, "invite", "--role", "coordinator", "--data", p.data)
	must(t, err)
	_, _ = again.out.Write([]byte(out)) // as the first start would have said
	desk := again.desk(again.code("/desk/"))
	if f := desk.followUp(); f.Entries != 2 {
		t.Errorf("%d entries, want 2 (%s was in none of the backups)", f.Entries, last)
	}
	aside, err := filepath.Glob(filepath.Join(p.data, "*.db.damaged-*"))
	if err != nil || len(aside) != 1 {
		t.Errorf("the damaged file is kept as %v, %v", aside, err)
	}
}

func TestATownOfWhoseFileNearlyNothingIsLeftStartsFromItsNewestBackup(t *testing.T) {
	t.Parallel()
	for _, left := range []int64{0, 3000} {
		p := start(t, filepath.Join(t.TempDir(), "data"))
		phone, me, inc := p.phone(p.code("/app/"))
		phone.patrol(me, inc, 1)
		onlyBackup(t, p.data)
		p.stop()
		must(t, os.Truncate(fileOf(p.data, me.Town.ID), left))
		again := start(t, p.data)
		until(t, "ready", func() bool { return again.status("/readyz") == http.StatusOK })
		if f := again.sitsAgain().followUp(); f.Entries != 1 {
			t.Errorf("%d bytes: %d entries, want 1", left, f.Entries)
		}
	}
}

func TestATownOfWhoseFileNothingIsLeftIsNotBegunAnew(t *testing.T) {
	t.Parallel()
	p := start(t, filepath.Join(t.TempDir(), "data"), "--backup-every", "0")
	_, me, _ := p.phone(p.code("/app/"))
	p.stop()
	must(t, os.Truncate(fileOf(p.data, me.Town.ID), 0))
	again := start(t, p.data, "--backup-every", "0")
	if status := again.status("/readyz"); status != http.StatusServiceUnavailable {
		t.Errorf("ready: %d", status)
	}
	out, err := command(t, "doctor", "--data", p.data)
	if err == nil || !strings.Contains(out, me.Town.ID.String()+" cannot be read") {
		t.Errorf("doctor: %q, %v", out, err)
	}
}

func TestADamagedTownWithoutABackupStaysAsItIsAndSaysSo(t *testing.T) {
	t.Parallel()
	p := start(t, filepath.Join(t.TempDir(), "data"))
	phone, me, inc := p.phone(p.code("/app/"))
	phone.patrol(me, inc, 1)
	p.stop()
	path, _ := harmed(t, p.data, me.Town.ID.String())
	left, err := os.ReadFile(path)
	must(t, err)

	again := start(t, p.data)
	until(t, "said", func() bool { return strings.Contains(again.log.String(), "town cannot be mended yet") })
	if status := again.status("/readyz"); status != http.StatusServiceUnavailable {
		t.Errorf("readyz answers %d", status)
	}
	phone.p = again
	if status := phone.ask(http.MethodPost, "/api/v1/sync/push", wire.PushRequest{P: 1, Town: me.Town.ID, Inc: inc, Turn: 9, App: "test", Events: []wire.PushItem{}}, nil); status < 500 {
		t.Errorf("a push is answered %d", status)
	}
	now, err := os.ReadFile(path)
	if err != nil || string(now) != string(left) {
		t.Errorf("the file was changed: %v", err)
	}
}

func TestATownWhoseLastCommitTheDiskLostSaysSoAndPhonesBringIt(t *testing.T) {
	t.Parallel()
	p := start(t, filepath.Join(t.TempDir(), "data"))
	phone, me, inc := p.phone(p.code("/app/"))
	phone.patrol(me, inc, 1)
	_, after := phone.patrol(me, inc, 2)
	p.stop()
	path := fileOf(p.data, me.Town.ID)
	alter(t, path, func(b []byte) {
		const number = 16 + 48
		first, second := binary.NativeEndian.Uint64(b[number:]), binary.NativeEndian.Uint64(b[os.Getpagesize()+number:])
		if second > first {
			b = b[os.Getpagesize():]
		}
		b[number] ^= 1
	})
	if out, err := command(t, "verify", "--file", path); err != nil || !strings.Contains(out, "the newest commit may be missing") {
		t.Errorf("verify says %q, %v", out, err)
	}
	phone.p = start(t, p.data)
	if reply := phone.show(me, inc, &after.Head); !reply.Reoffer {
		t.Error("the phone is not asked for what is missing")
	}
}
