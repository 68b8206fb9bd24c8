package main

import (
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"lofteslogg/internal/clock"
	"lofteslogg/internal/event"
	"lofteslogg/internal/wire"
)

const insideName = "LOFTESLOGG_TEST_OWN_MOUNTS"

// ownMounts runs the test in a process that has its mounts for itself, and tells whether this is that process. Root needs
// no more than that; others are root in a user namespace of their own. Where neither is allowed the test fails and says
// so: a fault that was not tried is not a fault that was stood.
func ownMounts(t *testing.T) (inside bool) {
	t.Helper()
	if os.Getenv(insideName) != "" {
		must(t, syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""))
		return true
	}
	self, err := os.Executable()
	must(t, err)
	cmd := exec.CommandContext(t.Context(), self, "-test.run=^"+t.Name()+"$", "-test.v")
	cmd.Env = append(os.Environ(), insideName+"=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS}
	if uid := os.Getuid(); uid != 0 {
		cmd.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: uid, Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	}
	out, err := cmd.CombinedOutput()
	switch {
	case errors.Is(err, syscall.EPERM):
		t.Fatalf("this machine lets nobody mount, not even in a namespace: run the tests as root, or allow user namespaces (%v)", err)
	case err != nil, !strings.Contains(string(out), "--- PASS: "+t.Name()):
		t.Fatalf("%v\n%s", err, out)
	}
	return false
}

// heavy pushes an entry with a long note and gives the status, what was said and when to come again.
func (g guest) heavy(me wire.EnrolReply, inc event.ID, n uint64) (status int, again string) {
	g.p.t.Helper()
	id, err := event.NewID()
	must(g.p.t, err)
	e := event.Event{
		Version: 1, Town: me.Town.ID, ID: id, Entity: id, Inc: inc, N: n, HLC: clock.Stamp(n), By: me.Account, Catalog: 1,
		New: &event.Birth{Type: "activity", Kind: "foot_patrol"}, Set: []event.Field{{Name: "note", Value: event.Text(strings.Repeat("x", 50_000))}},
	}
	var b strings.Builder
	must(g.p.t, wire.Write(&b, &wire.PushRequest{P: 1, Town: me.Town.ID, Inc: inc, App: "test", Events: []wire.PushItem{{ID: id.String(), Inc: inc.String(), N: int64(n), Seal: "none", Ev: string(e.Append(nil))}}}))
	r, err := http.NewRequestWithContext(g.p.t.Context(), http.MethodPost, g.p.url+"/api/v1/sync/push", strings.NewReader(b.String()))
	must(g.p.t, err)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+g.token)
	res, err := http.DefaultTransport.RoundTrip(r)
	must(g.p.t, err)
	defer res.Body.Close()
	return res.StatusCode, res.Header.Get("Retry-After")
}

func TestAFullDiskIsSaidAndPhonesGoOnWhenThereIsRoomAgain(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if !ownMounts(t) {
		return
	}
	must(t, syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=12m"))
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	by := &turned{}
	p := startAt(t, by, filepath.Join(dir, "data"))
	phone, me, inc := p.phone(p.code("/app/"))
	filler := filepath.Join(dir, "filler")
	must(t, os.WriteFile(filler, make([]byte, 8<<20), 0o600))
	stored := uint64(0)
	status, again := 200, ""
	for status == 200 && stored < 400 {
		by.turn(second) // a phone may ask so often
		if status, again = phone.heavy(me, inc, stored+1); status == 200 {
			stored++
		}
	}
	if status != 507 || again != "60" {
		t.Fatalf("after %d entries: %d, Retry-After %q", stored, status, again)
	}
	if status := phone.ask("GET", "/api/v1/me", nil, nil); status != 200 {
		t.Errorf("reading: %d", status)
	}
	must(t, os.Remove(filler))
	by.turn(second)
	if status, _ := phone.heavy(me, inc, stored+1); status != 200 {
		t.Errorf("with room again: %d", status)
	}
	desk := p.desk(p.code("/desk/"))
	var list wire.EntriesReply
	if status := desk.ask("GET", "/api/v1/entries?counted=false&limit=500", nil, &list); status != 200 || uint64(len(list.Entries)) != stored+1 {
		t.Errorf("%d: %d entries are there, %d were answered", status, len(list.Entries), stored+1)
	}
}

func TestAFolderThatCanOnlyBeReadIsServedForReading(t *testing.T) {
	dir := t.TempDir()
	if !ownMounts(t) {
		return
	}
	must(t, syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=64m"))
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	data := filepath.Join(dir, "data")
	first := start(t, data)
	desk := first.desk(first.code("/desk/"))
	phone, me, inc := first.phone(first.code("/app/"))
	phone.patrol(me, inc, 1)
	first.stop()

	must(t, syscall.Mount("", dir, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""))
	second := start(t, data)
	desk.p, phone.p = second, second
	var health wire.Health
	if status := desk.ask("GET", "/readyz", nil, &health); status != 503 || health.Why != "read-only" {
		t.Errorf("readyz: %d %+v", status, health)
	}
	if f := desk.followUp(); f.Entries != 1 {
		t.Errorf("the desk reads %d entries", f.Entries)
	}
	var page wire.ChangesReply
	if status := phone.ask("GET", "/api/v1/sync/changes?limit=1000", nil, &page); status != 200 || page.Tally == nil || len(page.Ents) == 0 {
		t.Errorf("the phone pulls %d: %d entities", status, len(page.Ents))
	}
	if status, again := phone.heavy(me, inc, 2); status != 503 || again != "60" {
		t.Errorf("a push: %d, Retry-After %q", status, again)
	}
	second.stop()

	must(t, syscall.Mount("", dir, "", syscall.MS_REMOUNT, ""))
	third := start(t, data)
	desk.p, phone.p = third, third
	if status, _ := phone.heavy(me, inc, 2); status != 200 {
		t.Errorf("a push when it can be written again: %d", status)
	}
}
