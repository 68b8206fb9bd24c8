package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"lofteslogg/internal/clock"
	"lofteslogg/internal/event"
	"lofteslogg/internal/wire"
)

// diesAt is the variable that has the program killed when it reached a step of erasing.
const diesAt = "LOFTESLOGG_TEST_DIES_AT"

// mortal is the program, killed where the variable says.
func mortal() error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	return run(ctx, outside{args: os.Args[1:], stdout: os.Stdout, stderr: os.Stderr, clock: clock.Wall{}, reached: func(step string) error {
		if step == os.Getenv(diesAt) {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {} // the signal is on its way
		}
		return nil
	}})
}

// secretive is a town that has a secret in its file, in a backup, and in a file that a restore put aside.
func secretive(t *testing.T) (p *program, phone guest, me wire.EnrolReply, inc, secret event.ID) {
	t.Helper()
	p = start(t, filepath.Join(t.TempDir(), "data"))
	phone, me, inc = p.phone(p.code("/app/"))
	secret = newEventID(t)
	phone.writes(me, inc, 1, secret, "SECRET-one")
	from := onlyBackup(t, p.data)
	phone.writes(me, inc, 2, newEventID(t), "kept")
	_, err := command(t, "restore", "--from", from, "--data", p.data)
	must(t, err)
	if n := len(holding(t, p.data, "SECRET")); n != 3 {
		t.Fatalf("the secret is in %d files: this test shows nothing", n)
	}
	return p, phone, me, inc, secret
}

// The steps after which an erasure may stop, in the order they come.
var steps = []string{"ledger", "town", "copies", "file", "beside", "backup", "former"}

func TestAnErasureThatIsKilledAtAnyStepIsFinishedByTheNextStart(t *testing.T) {
	t.Parallel()
	for _, step := range steps {
		t.Run(step, func(t *testing.T) {
			p, phone, me, inc, secret := secretive(t)
			p.stop()
			cmd, _, said := spawn(t, "erase", "--event", secret.String(), "--reason", "namn", "--yes", "--data", p.data)
			cmd.Env = append(cmd.Env, diesAt+"="+step)
			var exit *exec.ExitError
			if err := cmd.Run(); !errors.As(err, &exit) || exit.ExitCode() != -1 {
				t.Fatalf("not killed: %v, %s", err, said)
			}
			if _, err := os.Stat(underWay(p.data, me.Town.ID)); err != nil {
				t.Fatal("nothing says that it is under way")
			}
			must(t, os.MkdirAll(filepath.Join(p.data, "copies", "x"), 0o700))
			must(t, os.WriteFile(filepath.Join(p.data, "copies", "x", me.Town.ID.String()+".db"), []byte("SECRET of a copy that was being made"), 0o600))

			phone.p = start(t, p.data)
			if res := phone.writes(me, inc, 1, secret, "SECRET-one"); res.C != wire.ResErased {
				t.Errorf("the first that is answered is %+v", res)
			}
			until(t, "finished", func() bool { _, err := os.Stat(underWay(p.data, me.Town.ID)); return err != nil })
			if left := holding(t, p.data, "SECRET"); len(left) > 0 {
				t.Errorf("still in %v", left)
			}
			if all := backups(t, filepath.Join(p.data, "backups")); len(all) != 1 || all[0].failed() != nil || len(holding(t, all[0].dir, "SECRET")) > 0 {
				t.Errorf("the backups are %+v", all)
			}
			if out, err := command(t, "verify", "--data", p.data); err != nil {
				t.Errorf("%s%v", out, err)
			}
		})
	}
}

func TestAFullDiskInAnErasureRemovesNoBackupAndItIsDoneLater(t *testing.T) {
	t.Parallel()
	for _, step := range steps {
		t.Run(step, func(t *testing.T) {
			p, _, me, _, secret := secretive(t)
			p.stop()
			o := &outside{clock: clock.Wall{}, reached: func(at string) error {
				if at == step {
					return fmt.Errorf("write: %w", syscall.ENOSPC)
				}
				return nil
			}}
			h := houseOf(t, p.data, o, 14)
			if _, err := h.Erase(t.Context(), erasure{Events: []event.ID{secret}, Reason: "namn", Who: "Kim"}); !noRoom(err) {
				t.Fatalf("got %v", err)
			}
			if all := backups(t, h.shelf.dir); len(all) == 0 {
				t.Error("no backup is left")
			}
			if step == "beside" && len(backups(t, h.shelf.dir)) != 2 {
				t.Error("the new one is not beside the old one: this test shows nothing")
			}
			o.reached = nil
			out, err := h.Erase(t.Context(), erasure{Events: []event.ID{secret}, Reason: "namn", Who: "Kim"})
			if err != nil || len(out.Removed) > 0 {
				t.Fatalf("again: %+v, %v", out, err)
			}
			if left := holding(t, p.data, "SECRET"); len(left) > 0 || h.unfinished(me.Town.ID) {
				t.Errorf("still in %v", left)
			}
			if all := backups(t, h.shelf.dir); len(all) != 1 {
				t.Errorf("%d backups, want the one", len(all))
			}
			if lines := ledgerLines(t, p.data, me.Town.ID); lines != 1 {
				t.Errorf("%d lines in the ledger, want 1", lines)
			}
		})
	}
}

func ledgerLines(t *testing.T, data string, town event.ID) int {
	t.Helper()
	b, err := os.ReadFile(ledgerIn(data, town))
	must(t, err)
	return strings.Count(string(b), "\n")
}

func TestWhatIsErasedWhileSixteenPushItsEntityIsErasedForAll(t *testing.T) {
	p := start(t, filepath.Join(t.TempDir(), "data"))
	phone, me, inc := p.phone(p.code("/app/"))
	entity := newEventID(t)
	phone.writes(me, inc, 1, entity, "SECRET-one")
	var begun sync.WaitGroup
	begun.Add(16)
	stop := make(chan struct{})
	sent := make(chan []wire.PushItem, 16)
	for i := range uint64(16) {
		go func() {
			var mine []wire.PushItem
			for n := uint64(0); ; n++ {
				item := noteOn(me, inc, entity, 100+1000*i+n)
				if status, reply, err := phone.push(batchOf(me, inc, item)); err == nil && status == 200 && reply.Res[0].C != wire.ResLater {
					mine = append(mine, item)
				}
				if n == 0 {
					begun.Done()
				}
				select {
				case <-stop:
					sent <- mine
					return
				default:
				}
			}
		}()
	}
	begun.Wait()
	out, err := command(t, "erase", "--entity", entity.String(), "--reason", "namn", "--yes", "--data", p.data)
	close(stop)
	if err != nil {
		t.Errorf("%s%v", out, err)
	}
	asked := 0
	for range 16 {
		for _, item := range <-sent {
			asked++
			if res := phone.insists(batchOf(me, inc, item)); res.C != wire.ResErased {
				t.Fatalf("offered again it is answered %+v", res)
			}
		}
	}
	if asked == 0 {
		t.Error("nobody pushed")
	}
	p.stop()
	if left := holding(t, p.data, "SECRET"); len(left) > 0 {
		t.Errorf("still in %v", left)
	}
	if out, err := command(t, "verify", "--data", p.data); err != nil {
		t.Errorf("%s%v", out, err)
	}
}

// insists pushes an event until it is taken in: while a file is written anew the server is busy.
func (g guest) insists(req *wire.PushRequest) (res wire.PushResult) {
	g.p.t.Helper()
	until(g.p.t, "taken in", func() bool {
		status, reply, err := g.push(req)
		if err != nil || status != 200 {
			return false
		}
		res = reply.Res[0]
		return true
	})
	return res
}

// noteOn is an edit of an entry.
func noteOn(me wire.EnrolReply, inc, entity event.ID, n uint64) wire.PushItem {
	id, err := event.NewID()
	if err != nil {
		panic(err)
	}
	e := event.Event{
		Version: 1, Town: me.Town.ID, ID: id, Entity: entity, Inc: inc, N: n, HLC: clock.Of(1_795_000_000_000+int64(n), 0), By: me.Account, Catalog: 1,
		Set: []event.Field{{Name: "note", Value: event.Text(fmt.Sprintf("SECRET-%d", n))}},
	}
	return wire.PushItem{ID: id.String(), Inc: inc.String(), N: int64(n), Seal: "none", Ev: string(e.Append(nil))}
}
