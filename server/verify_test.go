package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lofteslogg/internal/event"
	"lofteslogg/internal/store"
	"lofteslogg/internal/store/boltstore"
)

// TestMain lets the program call itself to check a file, as it does when it is not under test, and lets tests start it
// as a process of its own.
func TestMain(m *testing.M) {
	if os.Getenv(diesAt) != "" && (len(os.Args) < 2 || os.Args[1] != "check-file") {
		if err := mortal(); err != nil {
			os.Exit(1)
		}
		return
	}
	if len(os.Args) > 1 && os.Args[1] == "check-file" || os.Getenv(asProgram) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// asProgram is the variable that makes the test binary the program.
const asProgram = "LOFTESLOGG_TEST_AS_PROGRAM"

// lived is a running server whose town has some patrols.
func lived(t *testing.T, args ...string) (*program, event.ID) {
	t.Helper()
	p := start(t, filepath.Join(t.TempDir(), "data"), args...)
	phone, me, inc := p.phone(p.code("/app/"))
	for n := range uint64(3) {
		phone.patrol(me, inc, n+1)
	}
	return p, me.Town.ID
}

func TestATownIsVerifiedBesideARunningServerAndWithout(t *testing.T) {
	t.Parallel()
	p, _ := lived(t)
	for _, when := range []string{"with", "without"} {
		out, err := command(t, "verify", "--data", p.data)
		if err != nil || !strings.Contains(out, "munkfors: ") || !strings.Contains(out, "3 rows") || !strings.Contains(out, "all that is stored follows from the log") {
			t.Errorf("%s a server: %q, %v", when, out, err)
		}
		if left, err := os.ReadDir(filepath.Join(p.data, copiesName)); err != nil || len(left) != 0 {
			t.Errorf("%s a server: %v are left behind, %v", when, left, err)
		}
		p.stop()
	}
}

func TestADifferenceIsToldAndIsAnError(t *testing.T) {
	t.Parallel()
	p, town := lived(t)
	p.stop()
	engine, err := boltstore.Open(p.data, boltstore.Options{})
	must(t, err)
	must(t, engine.Update(t.Context(), town, func(tx store.Tx) error {
		var row []byte
		if err := tx.Scan(store.Rows, nil, nil, func(k, _ []byte) bool { row = append(row, k...); return false }); err != nil {
			return err
		}
		return tx.Delete(store.Rows, row)
	}))
	must(t, engine.Close())
	for _, args := range [][]string{{"verify", "--data", p.data}, {"verify", "--file", fileOf(p.data, town)}} {
		out, err := command(t, args...)
		if err == nil || !strings.Contains(out, "row of") || !strings.Contains(err.Error(), "1 differences") {
			t.Errorf("%v: %q, %v", args, out, err)
		}
	}
}

func TestATornFileIsToldWithoutEndingTheOneWhoAsked(t *testing.T) {
	t.Parallel()
	p, town := lived(t)
	p.stop()
	whole, err := os.ReadFile(fileOf(p.data, town))
	must(t, err)
	for _, size := range []int{40_000, 20_000, 5_000, 100, 0} {
		torn := filepath.Join(t.TempDir(), town.String()+".db")
		must(t, os.WriteFile(torn, whole[:size], 0o600))
		if _, err := command(t, "verify", "--file", torn); err == nil || !strings.Contains(err.Error(), "torn") {
			t.Errorf("%d bytes of %d: %v", size, len(whole), err)
		}
	}
	if _, err := command(t, "verify", "--file", filepath.Join(p.data, "access.db")); err == nil || !strings.Contains(err.Error(), "--town") {
		t.Errorf("a file of no town: %v", err)
	}
}

func TestACheckThatDoesNotEndIsEnded(t *testing.T) {
	p, town := lived(t)
	p.stop()
	ctx, cancel := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer cancel()
	if _, err := inspect(ctx, fileOf(p.data, town), town); err == nil || !strings.Contains(err.Error(), "did not come to an end") {
		t.Errorf("got %v", err)
	}
}
