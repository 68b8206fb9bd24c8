// Package carbon keeps a second copy of what desks and the command line wrote, in a file beside the town's.
//
// A phone keeps what it wrote until every backup has it, and brings it again when a backup takes the town's place. A desk
// keeps nothing: what was decided, corrected or handed in there since the backup would be gone. So its events are on disk
// here before they are in the town, and whoever puts another file in the town's place has the town take in again what it
// lacks. Ids tell; it does not matter how often.
//
// The file is lines of JSON, each with a hash of its own: a line that the disk has changed is left out and told of, and
// costs no other. A last line without an end is what a power cut leaves of one that was never answered.
package carbon

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"lofteslogg/internal/event"
)

// Line is one event, and the desk that it was pushed from: its writer's own, or another's, where a rescue file was handed in.
type Line struct {
	Account event.ID `json:"account"` // who sat there
	Inc     event.ID `json:"inc"`     // as which installation
	Event   string   `json:"event"`   // canonical bytes
}

// written is a line as it stands in the file.
type written struct {
	Line        // inline
	Sum  string `json:"sum"` // SHA-256 over account, inc and event, in hex
}

// Copies are the files of a data folder. Safe for concurrent use; two processes must not share a folder.
type Copies struct {
	data  string
	mu    sync.Mutex
	towns map[event.ID]*copies
}

// In gives the copies in a data folder. Nothing is read or made before it is needed.
func In(data string) *Copies { return &Copies{data: data, towns: map[event.ID]*copies{}} }

// Path is where a town's copies are.
func Path(data string, town event.ID) string {
	return filepath.Join(data, town.String()+".desk.jsonl")
}

func (c *Copies) town(id event.ID) *copies {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := c.towns[id]
	if t == nil {
		t = &copies{path: Path(c.data, id)}
		c.towns[id] = t
	}
	return t
}

// Keep writes events that are not here yet, has commit take them into the town, and strikes them when it fails: whoever was
// told that nothing was stored may write it in other words. It returns commit's error, or its own when commit was not
// called. One town's are kept one after the other.
func (c *Copies) Keep(town, account, inc event.ID, events []string, commit func() error) error {
	if len(events) == 0 {
		return commit()
	}
	lines := make([]Line, len(events))
	for i, ev := range events {
		lines[i] = Line{Account: account, Inc: inc, Event: ev}
	}
	t := c.town(town)
	t.mu.Lock()
	defer t.mu.Unlock()
	before, err := t.add(lines)
	if err != nil {
		return kindOf(err)
	}
	if err := commit(); err != nil {
		return errors.Join(err, t.strike(before))
	}
	return nil
}

// Lines gives a town's, oldest first, and how many more there are that cannot be read.
func (c *Copies) Lines(town event.ID) (lines []Line, damaged int, err error) {
	t := c.town(town)
	t.mu.Lock()
	defer t.mu.Unlock()
	raw, err := os.ReadFile(t.path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, 0, fmt.Errorf("read what desks wrote: %w", err)
	}
	lines, damaged = read(raw)
	return lines, damaged, nil
}

// Strike takes out for good what gone says. What cannot be read stays, and goes on being told of.
func (c *Copies) Strike(town event.ID, gone func(*event.Event) bool) error {
	return c.leave(town, func(l *Line) bool { return l == nil || !says(gone, l) })
}

// Purge takes out for good what gone says, and what cannot be read, since that may be it.
func (c *Copies) Purge(town event.ID, gone func(*event.Event) bool) error {
	return c.leave(town, func(l *Line) bool { return l != nil && !says(gone, l) })
}

func says(gone func(*event.Event) bool, l *Line) bool {
	e, err := event.Decode([]byte(l.Event))
	return err != nil || gone(e)
}

// leave writes a town's anew with what may stay of it; nil is a line that cannot be read.
func (c *Copies) leave(town event.ID, stays func(*Line) bool) error {
	t := c.town(town)
	t.mu.Lock()
	defer t.mu.Unlock()
	raw, err := os.ReadFile(t.path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read what desks wrote: %w", err)
	}
	var left []byte
	whole := raw[:bytes.LastIndexByte(raw, '\n')+1]
	for text := range bytes.Lines(whole) {
		if stays(parse(text)) {
			left = append(left, text...)
		}
	}
	if len(left) == len(whole) {
		return nil
	}
	return t.rewrite(left)
}

// read leaves out what is not as it was written; of a torn last line nobody was told.
func read(raw []byte) (lines []Line, damaged int) {
	for line := range bytes.Lines(raw[:bytes.LastIndexByte(raw, '\n')+1]) {
		if l := parse(line); l != nil {
			lines = append(lines, *l)
		} else {
			damaged++
		}
	}
	return lines, damaged
}

// parse is nil when the line is not as it was written.
func parse(text []byte) *Line {
	var w written
	if err := json.Unmarshal(text, &w); err != nil || w.Sum != w.sum() {
		return nil
	}
	return &w.Line
}

func spell(lines []Line) ([]byte, error) {
	var out bytes.Buffer
	for _, line := range lines {
		if err := json.NewEncoder(&out).Encode(written{Line: line, Sum: line.sum()}); err != nil {
			return nil, err
		}
	}
	return out.Bytes(), nil
}

func (l *Line) sum() string {
	sum := sha256.Sum256(slices.Concat(l.Account[:], l.Inc[:], []byte(l.Event)))
	return hex.EncodeToString(sum[:])
}
