// Package ledger keeps what was erased from a town, in a file of its own beside the town's.
//
// A backup that is put back holds again what was erased since it was made, and a phone may offer it again. The ledger is how
// both are answered: it names what is gone, and has of each event the skeleton that takes its place. It holds nothing that
// anybody wrote. A line is on disk before the first byte goes, so that an erasure which was broken off is finished.
//
// The file is lines of JSON. Each ends with a hash over itself and the hash before it, so that a line which was changed,
// left out or moved shows. A last line without an end is what a power cut leaves of one that was never answered: it is cut
// off. docs/api/protocol.md, Erasing, has the form.
package ledger

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"lofteslogg/internal/durable"
	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
)

// Line is one thing that is gone: an event, or with a zero Event an entity, whatever of it is still to come.
type Line struct {
	Event    event.ID `json:"event"`
	Entity   event.ID `json:"entity"`
	Skeleton string   `json:"skeleton"` // what takes the event's place; empty for an entity
	Digest   string   `json:"digest"`   // of the event as it was, in hex, by which the chain goes on; empty for an entity
	Reason   string   `json:"reason"`
	Decision string   `json:"decision"` // the number under which somebody decided it
	Who      string   `json:"who"`
	At       int64    `json:"at"` // milliseconds since 1970
}

// written is a line as it stands in the file.
type written struct {
	N    int    `json:"n"` // from 1
	Line        // inline
	Sum  string `json:"sum"` // SHA-256 over the sum before and the line with an empty one
}

// Ledger is a town's ledger, open. It is for one goroutine at a time.
type Ledger struct {
	path  string
	lines []Line
	sum   string
	torn  bool  // something without an end followed the last line
	lost  error // why nothing more is written
}

// Open reads the ledger at path; one that does not exist yet has no lines. fault.Internal with the code ledger when a line
// does not follow from the one before: then somebody changed the file, or the disk did.
func Open(path string) (*Ledger, error) {
	l, size, err := read(path)
	if err == nil && l.torn {
		err = durable.Cut(path, size)
	}
	return l, err
}

// Read gives the lines of a ledger that another process may be writing: a last one without an end is left where it is.
// Errors are as Open's.
func Read(path string) ([]Line, error) {
	l, _, err := read(path)
	if err != nil {
		return nil, err
	}
	return l.Lines(), nil
}

// read also gives the size of the lines that have an end.
func read(path string) (l *Ledger, size int64, err error) {
	raw, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, 0, fmt.Errorf("read the ledger: %w", err)
	}
	whole := raw[:bytes.LastIndexByte(raw, '\n')+1]
	l = &Ledger{path: path, torn: len(whole) < len(raw)}
	for line := range bytes.Lines(whole) {
		if err := l.take(line); err != nil {
			return nil, 0, fault.New(fault.Internal, "ledger", "the ledger %s, line %d: %w", path, len(l.lines)+1, err)
		}
	}
	return l, int64(len(whole)), nil
}

func (l *Ledger) take(raw []byte) error {
	var w written
	if err := json.Unmarshal(raw, &w); err != nil {
		return err
	}
	if spelt, err := json.Marshal(w); err != nil || !bytes.Equal(append(spelt, '\n'), raw) {
		return errors.New("it is not spelt as it was written")
	}
	if w.N != len(l.lines)+1 || w.Sum != sumOf(l.sum, w) {
		return errors.New("it does not follow from what is before it")
	}
	l.lines, l.sum = append(l.lines, w.Line), w.Sum
	return nil
}

// Lines are all of them, in the order they were written.
func (l *Ledger) Lines() []Line { return l.lines[:len(l.lines):len(l.lines)] }

// Append writes lines at the end; they are on disk when it returns nil. After an error nobody knows whether they are: the
// ledger takes no more until it is opened anew.
func (l *Ledger) Append(lines ...Line) error {
	if l.lost != nil {
		return fmt.Errorf("the ledger must be opened anew: %w", l.lost)
	}
	var out bytes.Buffer
	sum := l.sum
	for i, line := range lines {
		w := written{N: len(l.lines) + i + 1, Line: line}
		w.Sum = sumOf(sum, w)
		sum = w.Sum
		if err := json.NewEncoder(&out).Encode(w); err != nil {
			return err
		}
	}
	if l.lost = appendTo(l.path, out.Bytes()); l.lost != nil {
		return fmt.Errorf("write the ledger: %w", l.lost)
	}
	l.lines, l.sum = append(l.lines, lines...), sum
	return nil
}

// Learn appends what is not in the ledger yet. What was written before stays as it was written.
func (l *Ledger) Learn(lines []Line) error {
	known := map[[2]event.ID]bool{}
	for i := range l.lines {
		known[l.lines[i].key()] = true
	}
	var fresh []Line
	for i := range lines {
		if k := lines[i].key(); !known[k] {
			known[k] = true
			fresh = append(fresh, lines[i])
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	return l.Append(fresh...)
}

func (l *Line) key() [2]event.ID { return [2]event.ID{l.Event, l.Entity} }

func sumOf(before string, w written) string {
	w.Sum = ""
	raw, err := json.Marshal(w)
	if err != nil {
		return "" // texts and numbers: cannot be
	}
	h := sha256.New()
	h.Write([]byte(before))
	h.Write(raw)
	return hex.EncodeToString(h.Sum(nil))
}
