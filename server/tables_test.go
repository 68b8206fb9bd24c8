package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lofteslogg/internal/wire"
)

// great is a data folder with a town whose rows are more than are read at once.
func great(t *testing.T) (data string, entries int) {
	t.Helper()
	data = filepath.Join(t.TempDir(), "data")
	_, err := command(t, "sample", "--data", data, "--town-name", "Stor", "--entries", "5000", "--seed", "7")
	must(t, err)
	return data, 5000
}

// whenRead waits until the server has its figures.
func (p *program) whenRead() {
	p.t.Helper()
	for {
		var health wire.Health
		if status := (guest{p: p}).ask("GET", "/readyz", nil, &health); status != 200 || !health.OK {
			p.t.Fatalf("not ready for phones: %d %+v", status, health)
		}
		if health.Figures == "" {
			return
		}
	}
}

func TestAGreatTownIsOpenAtOnceAndReadFromItsCopyTheNextTime(t *testing.T) {
	t.Parallel()
	data, entries := great(t)
	for _, from := range []string{`"from_copy":false`, `"from_copy":true`} {
		p := start(t, data)
		p.whenRead()
		if out, err := command(t, "doctor", "--data", data, "--json"); !strings.Contains(out, `"entries":5000`) {
			t.Errorf("doctor counts otherwise than %d: %s %v", entries, out, err)
		}
		p.stop()
		if log := p.log.String(); !strings.Contains(log, `"figures read"`) || !strings.Contains(log, from) || !strings.Contains(log, `"rows":5000`) {
			t.Errorf("no line with %s:\n%s", from, log)
		}
		copies, err := filepath.Glob(filepath.Join(data, "*.rows"))
		if err != nil || len(copies) != 1 || modeOf(t, copies[0]) != 0o600 {
			t.Errorf("the copies are %v (%v)", copies, err)
		}
	}
}

func TestACopyThatCannotBeWrittenLosesNothing(t *testing.T) {
	t.Parallel()
	data, _ := great(t)
	h, _ := atHome(t, data, 2)
	must(t, h.replica.Filled(t.Context(), h.replica.Towns()[0]))
	if err := os.Mkdir(tables{data}.path(h.replica.Towns()[0]), 0o700); err != nil { // a folder has its name
		t.Fatal(err)
	}
	if err := h.replica.Keep(t.Context(), h.replica.Towns()[0]); err == nil {
		t.Error("it was kept")
	}
	if left, err := filepath.Glob(filepath.Join(data, ".*.rows.*")); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
	if _, err := h.replica.Table(h.replica.Towns()[0]); err != nil {
		t.Error(err)
	}
}
