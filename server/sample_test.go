package main

import (
	"path/filepath"
	"strings"
	"testing"

	"lofteslogg/internal/wire"
)

func TestASampleIsATownOfItsOwnAndVerified(t *testing.T) {
	t.Parallel()
	p, _ := lived(t)
	out, err := command(t, "sample", "--town-name", "Övre Löftby", "--entries", "400", "--seed", "7", "--data", p.data)
	if err != nil || !strings.Contains(out, "Övre Löftby (ovre-loftby) has 400 made-up entries") {
		t.Fatalf("%q, %v", out, err)
	}
	if out, err := command(t, "verify", "--town", "ovre-loftby", "--data", p.data); err != nil || !strings.Contains(out, "400 rows, 0 parked") {
		t.Errorf("%q, %v", out, err)
	}
	if out, err := command(t, "verify", "--town", "munkfors", "--data", p.data); err != nil || !strings.Contains(out, "3 rows") {
		t.Errorf("%q, %v", out, err)
	}
	var f wire.FollowUp
	p.desk(strings.Split(invite(t, p.data, "--role", "coordinator", "--town", "ovre-loftby").Desk, "#k=")[1]).ask("GET", "/api/v1/follow-up", nil, &f)
	if f.Town.Slug != "ovre-loftby" || f.Entries == 0 || f.Pledge == nil {
		t.Errorf("the desk has %+v", f)
	}
}

func TestASampleIsNeverMixedWithWhatPeopleWrote(t *testing.T) {
	p, _ := lived(t)
	for _, args := range [][]string{{"--town-name", "Munkfors"}, {"--town-name", "Another", "--slug", "munkfors"}} {
		_, err := command(t, append([]string{"sample", "--data", p.data}, args...)...)
		if err == nil || !strings.Contains(err.Error(), "there is a town munkfors") {
			t.Errorf("%v: %v", args, err)
		}
	}
	if _, err := command(t, "sample", "--town-name", "!", "--data", p.data); err == nil {
		t.Error("a name without letters was taken")
	}
}

func TestTheSameSeedGivesTheSameChain(t *testing.T) {
	t.Parallel()
	chain := func(seed string) string {
		data := filepath.Join(t.TempDir(), "data")
		_, err := command(t, "sample", "--town-name", "Löftby", "--entries", "60", "--seed", seed, "--data", data)
		must(t, err)
		out, err := command(t, "verify", "--data", data)
		must(t, err)
		return out[strings.Index(out, "head "):strings.Index(out, "\n")]
	}
	if a, b, c := chain("1"), chain("1"), chain("2"); a != b || a == c {
		t.Errorf("%s, %s, and of another seed %s", a, b, c)
	}
}
