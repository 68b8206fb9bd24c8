package carbon

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"syscall"

	"lofteslogg/internal/durable"
	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
)

// copies are one town's. What is known of them is read with the first that is written.
type copies struct {
	path string

	mu    sync.Mutex
	known map[event.ID]bool // events that are in the file; nil until it is read
	size  int64             // of its whole lines
}

// add writes what is not here yet, and gives the size of what was here before.
func (t *copies) add(lines []Line) (before int64, err error) {
	f, err := os.OpenFile(t.path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := t.learn(f); err != nil {
		return 0, err
	}
	before = t.size
	lines, ids := t.unknown(lines)
	text, err := spell(lines)
	if err != nil || len(text) == 0 {
		return before, err
	}
	_, err = f.WriteAt(text, before)
	if err == nil {
		err = errors.Join(f.Sync(), durable.SyncFolder(filepath.Dir(t.path)))
	}
	t.size += int64(len(text))
	if err != nil {
		return before, errors.Join(err, t.strike(before))
	}
	for _, id := range ids {
		t.known[id] = true
	}
	return before, nil
}

// learn reads what the file has, and has it on disk: after an fsync that failed it may be in the kernel's memory alone, and
// it is not written again. What follows its last whole line was never answered, and goes.
func (t *copies) learn(f *os.File) error {
	if t.known != nil {
		return nil
	}
	raw, err := io.ReadAll(f)
	if err != nil {
		return err
	}
	t.size = int64(bytes.LastIndexByte(raw, '\n') + 1)
	if err := errors.Join(f.Truncate(t.size), f.Sync()); err != nil {
		return err
	}
	t.known = map[event.ID]bool{}
	lines, _ := read(raw)
	for i := range lines {
		if e, err := event.Decode([]byte(lines[i].Event)); err == nil {
			t.known[e.ID] = true
		}
	}
	return nil
}

// unknown leaves out what is here, and what is no event.
func (t *copies) unknown(lines []Line) (left []Line, ids []event.ID) {
	for _, line := range lines {
		e, err := event.Decode([]byte(line.Event))
		if err != nil || t.known[e.ID] || slices.Contains(ids, e.ID) {
			continue
		}
		left, ids = append(left, line), append(ids, e.ID)
	}
	return left, ids
}

// strike takes out again what was added after a size. The next reads the file anew, in case this does not succeed.
func (t *copies) strike(before int64) error {
	if t.size == before {
		return nil
	}
	t.known = nil
	if err := durable.Cut(t.path, before); err != nil {
		return fmt.Errorf("strike what was not stored: %w", err)
	}
	return nil
}

// rewrite has another text take the place of all; it is done whole or not at all.
func (t *copies) rewrite(text []byte) error {
	t.known = nil
	f, err := os.CreateTemp(filepath.Dir(t.path), "."+filepath.Base(t.path)+".*") // of mode 0600
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), t.path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return durable.SyncFolder(filepath.Dir(t.path))
}

// kindOf gives an error of the disk the kind that a town's own file would give it.
func kindOf(err error) error {
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return fault.New(fault.Full, "", "nothing was stored: %w", err)
	case errors.Is(err, syscall.EROFS):
		return fault.New(fault.Busy, "read-only", "the data folder can only be read: %w", err)
	}
	return fmt.Errorf("keep a copy of what a desk wrote: %w", err)
}
