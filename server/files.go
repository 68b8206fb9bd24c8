package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"lofteslogg/internal/durable"
)

// copiesName is a folder beside the towns for files that live as long as a command.
const copiesName = "copies"

// writeDurably makes a file for this user alone, whole or not at all: it is on disk when writeDurably returns.
func writeDurably(path string, fill func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*") // of mode 0600
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(&paced{file: f}, 1<<20)
	err = fill(w)
	if err == nil {
		err = w.Flush()
	}
	if err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return durable.SyncFolder(filepath.Dir(path))
}

// free is the path of a name in a folder, or of one like it, that nothing has yet.
func free(dir, name string) (string, error) {
	path := filepath.Join(dir, name)
	for n := 2; ; n++ {
		if _, err := os.Lstat(path); errors.Is(err, os.ErrNotExist) {
			return path, nil
		} else if err != nil {
			return "", err
		}
		path = filepath.Join(dir, fmt.Sprintf("%s-%d", name, n))
	}
}

// removeInto adds the failure to remove a file to an error.
func removeInto(err *error, path string) {
	if bad := os.RemoveAll(path); bad != nil {
		*err = errors.Join(*err, bad)
	}
}

// Copy writes a copy of a town as it is now into the data folder. The town is in use meanwhile.
func (h *house) Copy(ctx context.Context, town string) (copied, error) {
	ctx, cancel := h.while(ctx)
	defer cancel()
	t, err := h.town(ctx, town)
	if err != nil {
		return copied{}, err
	}
	dir, err := h.scratch()
	if err != nil {
		return copied{}, err
	}
	path := filepath.Join(dir, t.ID.String()+".db")
	if err := writeDurably(path, func(w io.Writer) error { return h.engine.Copy(ctx, t.ID, w) }); err != nil {
		return copied{}, errors.Join(fmt.Errorf("copy %s: %w", t.Slug, err), os.RemoveAll(dir))
	}
	return copied{Town: t, Path: path}, nil
}

// scratch makes a folder of its own, on the disk of the towns.
func (h *house) scratch() (string, error) { return scratchIn(h.data) }

func scratchIn(data string) (string, error) {
	copies, err := filepath.Abs(filepath.Join(data, copiesName))
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(copies, 0o700); err != nil {
		return "", err
	}
	return os.MkdirTemp(copies, "")
}

// while is ctx, and ends with the server too: long work must not hold up its stop.
func (h *house) while(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		select {
		case <-h.closing:
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, cancel
}
