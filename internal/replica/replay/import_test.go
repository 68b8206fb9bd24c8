package replay_test

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"lofteslogg/internal/event"
	"lofteslogg/internal/replica/replay"
	"lofteslogg/internal/store"
	"lofteslogg/internal/store/boltstore"
)

func export(t *testing.T, engine store.Engine) string {
	t.Helper()
	var b bytes.Buffer
	must(t, engine.View(t.Context(), townID, func(tx store.Tx) error {
		return replay.Export(tx, townID, []replay.Person{{ID: kim, Name: "Kim", Role: "field", Party: "police"}}, nil, &b)
	}))
	return b.String()
}

func bring(t *testing.T, text string) (*boltstore.Engine, *replay.Imported, error) {
	t.Helper()
	engine := open(t, t.TempDir())
	got, err := replay.Import(t.Context(), engine, strings.NewReader(text), event.NewID)
	return engine, got, err
}

// dump is all that a town has, but for the random ids of its epoch and feed, and where memory's copy of the catalogue is from.
func dump(t *testing.T, engine store.Engine) (lines []string) {
	t.Helper()
	must(t, engine.View(t.Context(), townID, func(tx store.Tx) error {
		for _, b := range store.Buckets() {
			err := tx.Scan(b, nil, nil, func(k, v []byte) bool {
				if v = bytes.Clone(v); b == store.Meta && string(k) == "head" {
					clear(v[:32])
				} else if b == store.Meta && string(k) == "catalog" {
					v = v[:16]
				}
				lines = append(lines, fmt.Sprintf("%s %x %x", b, k, v))
				return true
			})
			if err != nil {
				return err
			}
		}
		return nil
	}))
	return lines
}

func TestAnImportIsTheSameTownByteForByte(t *testing.T) {
	w := newTown(t).live()
	text := export(t, w.engine)
	engine, got, err := bring(t, text)
	must(t, err)
	want := w.push(kim).Head
	if h := got.Head.Wire(); got.Town != townID || h.Seq != want.Seq || h.Chain != want.Chain || h.Epoch == want.Epoch || len(got.People) != 1 || got.People[0].Name != "Kim" {
		t.Errorf("got %+v, want head %+v", got, want)
	}
	a, b := dump(t, w.engine), dump(t, engine)
	for _, l := range a {
		if !slices.Contains(b, l) {
			t.Errorf("lacks %.120s", l)
		}
	}
	if len(a) != len(b) {
		t.Errorf("%d records became %d", len(a), len(b))
	}
	if report := check(t, engine, townID); !report.OK() {
		t.Errorf("differences: %q", report.Differences)
	}
	again := export(t, engine)
	between := func(text string) []string { l := strings.Split(text, "\n"); return l[1 : len(l)-2] } // the epoch is new
	if !slices.Equal(between(text), between(again)) {
		t.Error("exported again, it is another text")
	}
}

func TestAnImportSaysWhichLineIsWrong(t *testing.T) {
	w := newTown(t).live()
	lines := strings.SplitAfter(export(t, w.engine), "\n")
	lines = lines[:len(lines)-1]
	swap := func(i int, old, by string) func([]string) []string {
		return func(l []string) []string {
			if l[i] = strings.Replace(l[i], old, by, 1); l[i] == lines[i] {
				t.Errorf("line %d has no %s: %s", i+1, old, lines[i])
			}
			return l
		}
	}
	last := len(lines) - 1
	for _, c := range []struct {
		name   string
		change func(l []string) []string
		said   string
	}{
		{"empty", func([]string) []string { return nil }, "line 1: the file ends here"},
		{"cut between lines", func(l []string) []string { return l[:20] }, "line 21: the file ends here"},
		{"cut inside a line", func(l []string) []string { l[20] = l[20][:100]; return l[:21] }, "line 21: not a line"},
		{"a line twice", func(l []string) []string { return slices.Insert(l, 20, l[20]) }, "line 22: seq"},
		{"a line missing", func(l []string) []string { return slices.Delete(l, 20, 21) }, "line 21: seq"},
		{"lines in another order", func(l []string) []string { l[20], l[21] = l[21], l[20]; return l }, "line 21: seq"},
		{"another event", swap(20, `\"minutes\":40`, `\"minutes\":90`), "line 21: the digest"},
		{"another chain", swap(20, `"chain":"`, `"chain":"0000`), "line 21: nonce"},
		{"a foreign format", swap(0, "lofteslogg-export", "other"), "line 1: format"},
		{"a newer format", swap(0, `"version":1`, `"version":2`), "line 1: version 2"},
		{"no header", func(l []string) []string { return l[1:] }, "line 1: an export begins"},
		{"two headers", func(l []string) []string { return slices.Insert(l, 1, l[0]) }, "line 2: a second header"},
		{"something unknown", swap(20, `"record":{`, `"record":{"more":1,`), "line 21: not a line"},
		{"something behind the end", func(l []string) []string { return append(l, l[20]) }, fmt.Sprintf("line %d: something follows", last+2)},
		{"a person less", func(l []string) []string { return slices.Delete(l, 1, 2) }, fmt.Sprintf("line %d: the file says", last)},
		{"a standing that there is not", swap(20, `"standing":"folded"`, `"standing":"lost"`), "SHA-256"},
		{"another standing", swap(20, `"standing":"folded"`, `"standing":"parked","reason":"right"`), fmt.Sprintf("line %d: some line", last+1)},
		{"another time of receipt", swap(20, `"received":1`, `"received":2`), fmt.Sprintf("line %d: some line", last+1)},
	} {
		if _, _, err := bring(t, strings.Join(c.change(slices.Clone(lines)), "")); err == nil || !strings.Contains(err.Error(), c.said) {
			t.Errorf("%s: want %q, got %v", c.name, c.said, err)
		}
	}
}

func TestAnExportEndsWithTheFirstErrorOfItsReader(t *testing.T) {
	w := newTown(t)
	err := w.engine.View(t.Context(), townID, func(tx store.Tx) error {
		return replay.Export(tx, townID, nil, nil, &short{left: 3})
	})
	if err == nil {
		t.Error("nobody noticed")
	}
}

// short is a disk with room for a few lines.
type short struct{ left int }

func (s *short) Write(p []byte) (int, error) {
	if s.left--; s.left < 0 {
		return 0, io.ErrShortWrite
	}
	return len(p), nil
}
