package carbon

import (
	"errors"
	"os"
	"strings"
	"testing"

	"lofteslogg/internal/clock"
	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
)

var town, account, inc = idOf(1), idOf(2), idOf(3)

func idOf(n byte) (id event.ID) {
	id[6], id[8], id[15] = 0x70, 0x80, n
	return id
}

// eventOf is an entry with a note.
func eventOf(n byte, note string) string {
	e := event.Event{
		Version: 1, Town: town, ID: idOf(n), Entity: idOf(n), Inc: inc, N: uint64(n), HLC: clock.Of(1_795_000_000_000, 0), By: account, Catalog: 1,
		New: &event.Birth{Type: "activity", Kind: "foot_patrol"}, Set: []event.Field{{Name: "note", Value: event.Text(note)}},
	}
	return string(e.Append(nil))
}

func fine() error { return nil }

func keep(t *testing.T, c *Copies, events ...string) {
	t.Helper()
	if err := c.Keep(town, account, inc, events, fine); err != nil {
		t.Fatal(err)
	}
}

// wants compares what is kept with what should be, in order.
func wants(t *testing.T, c *Copies, damaged int, events ...string) {
	t.Helper()
	lines, bad, err := c.Lines(town)
	if err != nil || bad != damaged || len(lines) != len(events) {
		t.Fatalf("%d lines, %d damaged, %v; want %d and %d", len(lines), bad, err, len(events), damaged)
	}
	for i, line := range lines {
		if line != (Line{Account: account, Inc: inc, Event: events[i]}) {
			t.Errorf("line %d is %+v", i, line)
		}
	}
}

func TestWhatIsKeptIsThereForTheNextProcessAndOnce(t *testing.T) {
	dir := t.TempDir()
	one, two := eventOf(11, "one"), eventOf(12, "two")
	c := In(dir)
	wants(t, c, 0)
	keep(t, c, one, one)
	keep(t, c, two, one)
	wants(t, c, 0, one, two)
	again := In(dir)
	keep(t, again, two, eventOf(13, "three"))
	wants(t, again, 0, one, two, eventOf(13, "three"))
}

func TestItIsOnDiskBeforeItIsStored(t *testing.T) {
	c := In(t.TempDir())
	var there []byte
	err := c.Keep(town, account, inc, []string{eventOf(11, "one")}, func() (err error) {
		there, err = os.ReadFile(Path(c.data, town))
		return err
	})
	if err != nil || !strings.Contains(string(there), "one") {
		t.Errorf("%q, %v", there, err)
	}
}

func TestWhatWasNotStoredIsStruckAndMayComeAgain(t *testing.T) {
	for name, before := range map[string][]string{"the first": nil, "a later one": {eventOf(10, "zero")}} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			keep(t, In(dir), before...)
			c := In(dir)
			failed := fault.New(fault.Full, "", "no room")
			if err := c.Keep(town, account, inc, []string{eventOf(11, "one")}, func() error { return failed }); !errors.Is(err, failed) {
				t.Fatalf("got %v", err)
			}
			wants(t, c, 0, before...)
			keep(t, c, eventOf(11, "one"))
			wants(t, c, 0, append(before, eventOf(11, "one"))...)
		})
	}
}

func TestWhatIsKnownStaysWhenItComesAgainAndFails(t *testing.T) {
	c := In(t.TempDir())
	keep(t, c, eventOf(11, "one"))
	if err := c.Keep(town, account, inc, []string{eventOf(11, "one")}, func() error { return errors.New("x") }); err == nil {
		t.Fatal("no error")
	}
	wants(t, c, 0, eventOf(11, "one"))
}

func TestNothingIsStoredThatCannotBeKept(t *testing.T) {
	c := In(t.TempDir())
	if err := os.Mkdir(Path(c.data, town), 0o700); err != nil {
		t.Fatal(err)
	}
	err := c.Keep(town, account, inc, []string{eventOf(11, "one")}, func() error { t.Error("stored"); return nil })
	if err == nil {
		t.Error("no error")
	}
}

func TestATornEndIsCutOffAndAChangedLineCostsNoOther(t *testing.T) {
	dir := t.TempDir()
	one, two, three := eventOf(11, "one"), eventOf(12, "two"), eventOf(13, "three")
	keep(t, In(dir), one, two)
	path := Path(dir, town)
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	torn := strings.Replace(string(raw), "one", "0ne", 1) + `{"account":"0000`
	if err := os.WriteFile(path, []byte(torn), 0o600); err != nil {
		t.Fatal(err)
	}
	wants(t, In(dir), 1, two)
	c := In(dir)
	keep(t, c, three)
	wants(t, c, 1, two, three)
}

func TestWhatIsStruckIsInNoByteAndTheRestStays(t *testing.T) {
	c := In(t.TempDir())
	keep(t, c, eventOf(11, "SECRET"), eventOf(12, "two"))
	if err := c.Strike(town, func(e *event.Event) bool { return e.ID == idOf(11) }); err != nil {
		t.Fatal(err)
	}
	wants(t, c, 0, eventOf(12, "two"))
	if raw, err := os.ReadFile(Path(c.data, town)); err != nil || strings.Contains(string(raw), "SECRET") {
		t.Errorf("%q, %v", raw, err)
	}
	keep(t, c, eventOf(13, "three"))
	wants(t, c, 0, eventOf(12, "two"), eventOf(13, "three"))
}

func TestWhatCannotBeReadGoesWithWhatIsErasedAndWithNothingElse(t *testing.T) {
	c := In(t.TempDir())
	keep(t, c, eventOf(11, "SECRET"), eventOf(12, "two"), eventOf(13, "three"))
	path := Path(c.data, town)
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(raw), "SECRET", "SECReT", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := c.Strike(town, func(e *event.Event) bool { return e.ID == idOf(13) }); err != nil {
		t.Fatal(err)
	}
	wants(t, c, 1, eventOf(12, "two"))
	if err := c.Purge(town, func(*event.Event) bool { return false }); err != nil {
		t.Fatal(err)
	}
	wants(t, c, 0, eventOf(12, "two"))
}
