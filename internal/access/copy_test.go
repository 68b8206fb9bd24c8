package access_test

import (
	"os"
	"path/filepath"
	"testing"

	"lofteslogg/internal/access"
	"lofteslogg/internal/clock"
	"lofteslogg/internal/event"
)

func TestACopySaysWhatTheFileSaid(t *testing.T) {
	dir := t.TempDir()
	s, err := access.Open(filepath.Join(dir, "access.db"), clock.Wall{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	town := event.ID{15: 1}
	p, err := s.AddPerson(access.Person{Town: town, Name: "Kim", Role: access.Field})
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(filepath.Join(dir, "copy.db"))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Copy(f); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	c, err := access.Open(f.Name(), clock.Wall{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	if got, ok := c.Person(town, p.ID); !ok || got != p {
		t.Errorf("got %+v, %v", got, ok)
	}
}
