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
	"path/filepath"

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
	lost  error // why nothing more is written
}

// Open reads the ledger at path; one that does not exist yet has no lines. fault.Internal with the code ledger when a line
// does not follow from the one before: then somebody changed the file, or the disk did.
func Open(path string) (*Ledger, error) {
	raw, err := os.ReadFile(path) //nolint:gosec // the server's own
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("read the ledger: %w", err)
	}
	l := &Ledger{path: path}
	whole := raw[:bytes.LastIndexByte(raw, '\n')+1]
	for line := range bytes.Lines(whole) {
		if err := l.take(line); err != nil {
			return nil, fault.New(fault.Internal, "ledger", "%s, line %d: %w", path, len(l.lines)+1, err)
		}
	}
	if len(whole) < len(raw) {
		return l, cut(path, int64(len(whole)))
	}
	return l, nil
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

func appendTo(path string, b []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600) //nolint:gosec // the server's own
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close(), syncFolder(filepath.Dir(path)))
}

func cut(path string, size int64) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0o600) //nolint:gosec // the server's own
	if err != nil {
		return err
	}
	return errors.Join(f.Truncate(size), f.Sync(), f.Close())
}

func syncFolder(dir string) error {
	d, err := os.Open(dir) //nolint:gosec // the server's own
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
