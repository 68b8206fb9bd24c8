package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"lofteslogg/internal/clock"
	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
	"lofteslogg/internal/wire"
)

// A backup is a folder, named for when it was made, of copies of towns and of the accounts, with a manifest.
const (
	manifestName   = "manifest.json"
	manifestFormat = 1
	accessName     = "access.db"
	backupTime     = "2006-01-02T150405Z"
	partialBackup  = ".partial-" // begins the name of one that is not whole
)

// manifest says what a backup has. A folder without one is no backup.
type manifest struct {
	Format  int        `json:"format"`
	Made    time.Time  `json:"made"`
	Version string     `json:"version"` // of the program
	Access  filed      `json:"access"`
	Towns   []keptTown `json:"towns"`

	dir string // where it was read
}

// filed is a file of a backup.
type filed struct {
	File   string `json:"file"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// keptTown is a town's file in a backup. Verified says that a process of its own replayed it and found no difference.
type keptTown struct {
	filed
	Ledger   *filed      `json:"ledger,omitempty"` // of what was erased
	Town     event.ID    `json:"town"`
	Slug     string      `json:"slug"`
	Name     string      `json:"name"`
	Head     wire.Head   `json:"head"`
	High     clock.Stamp `json:"high"`
	Verified bool        `json:"verified"`
	Problem  string      `json:"problem,omitempty"`
}

// readManifest reads what a folder has. fault.NotFound when it is no backup, fault.Conflict when a later version made it.
func readManifest(dir string) (*manifest, error) {
	b, err := os.ReadFile(filepath.Join(dir, manifestName))
	if errors.Is(err, os.ErrNotExist) {
		return nil, fault.New(fault.NotFound, "", "%s is no backup: it has no %s", dir, manifestName)
	}
	if err != nil {
		return nil, err
	}
	m := &manifest{dir: dir}
	if err := json.Unmarshal(b, m); err != nil {
		return nil, fmt.Errorf("%s cannot be read: %w", filepath.Join(dir, manifestName), err)
	}
	if m.Format != manifestFormat {
		return nil, fault.New(fault.Conflict, newerFile, "%s is a backup of format %d, made by version %s; this version (%s) knows format %d", dir, m.Format, m.Version, versionName(), manifestFormat)
	}
	return m, nil
}

// town finds a town's file by slug or id; with no name, the only one.
func (m *manifest) town(name string) (*keptTown, error) {
	i := slices.IndexFunc(m.Towns, func(t keptTown) bool {
		return name == "" && len(m.Towns) == 1 || name != "" && (t.Slug == name || t.Town.String() == name)
	})
	if i < 0 {
		return nil, fault.New(fault.NotFound, "", "no town %q among the %d of the backup %s: name one with --town", name, len(m.Towns), m.dir)
	}
	return &m.Towns[i], nil
}

// failed lists what went wrong when the backup was made.
func (m *manifest) failed() error {
	var all []error
	for _, t := range m.Towns {
		if !t.Verified {
			all = append(all, fmt.Errorf("the copy of %s (%s) is not safe to restore: %s", t.Slug, filepath.Join(m.dir, t.File), t.Problem))
		}
	}
	return errors.Join(all...)
}

// sameAs tells whether two were made in the same moment of the same towns.
func (m *manifest) sameAs(other *manifest) bool {
	return m.Made.Equal(other.Made) && slices.EqualFunc(m.Towns, other.Towns, func(a, b keptTown) bool { return a.Town == b.Town && a.Head == b.Head })
}

// write puts a manifest in its folder, which makes that a backup.
func (m *manifest) write(dir string) error {
	_, err := fileAway(dir, manifestName, func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(m)
	})
	return err
}

// carry takes a town's files over as they are.
func (t *keptTown) carry(from, to string) error {
	if t.Ledger != nil {
		if err := t.Ledger.take(from, filepath.Join(to, t.Ledger.File)); err != nil {
			return err
		}
	}
	if t.File == "" {
		return nil
	}
	return t.take(from, filepath.Join(to, t.File))
}

// check compares a file with what the manifest says of it.
func (f *filed) check(path string) error {
	in, err := os.Open(path)
	if err != nil {
		return err
	}
	defer in.Close() //nolint:errcheck // it was only read
	sum := sha256.New()
	size, err := io.Copy(sum, in)
	if err != nil {
		return err
	}
	if size != f.Size {
		return fmt.Errorf("%s is torn: it has %d bytes, and had %d when it was made", path, size, f.Size)
	}
	if hex.EncodeToString(sum.Sum(nil)) != f.SHA256 {
		return fmt.Errorf("%s was changed since it was made: its SHA-256 is another", path)
	}
	return nil
}

// tallied counts and hashes what is written.
type tallied struct {
	w    io.Writer
	sum  hash.Hash
	size int64
}

func (t *tallied) Write(p []byte) (int, error) {
	n, err := t.w.Write(p)
	t.sum.Write(p[:n])
	t.size += int64(n)
	return n, err
}

// fileAway writes a file durably and says what it is.
func fileAway(dir, name string, fill func(io.Writer) error) (filed, error) {
	t := tallied{sum: sha256.New()}
	err := writeDurably(filepath.Join(dir, name), func(w io.Writer) error {
		t.w = w
		return fill(&t)
	})
	return filed{File: name, Size: t.size, SHA256: hex.EncodeToString(t.sum.Sum(nil))}, err
}

// backupsIn reads the manifests of a folder of backups, the oldest first, and names the folders that have none.
func backupsIn(dir string) (all []*manifest, strange []string, err error) {
	list, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	for _, f := range list {
		if !f.IsDir() || strings.HasPrefix(f.Name(), ".") {
			continue
		}
		if m, err := readManifest(filepath.Join(dir, f.Name())); err == nil {
			all = append(all, m)
		} else {
			strange = append(strange, filepath.Join(dir, f.Name()))
		}
	}
	slices.SortStableFunc(all, func(a, b *manifest) int { return a.Made.Compare(b.Made) })
	return all, strange, nil
}
