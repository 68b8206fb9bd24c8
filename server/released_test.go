package main

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"
)

// unpacked is a folder that a released version wrote, see .ci/released.sh.
func unpacked(t *testing.T, archive string) (folder string) {
	t.Helper()
	f, err := os.Open(archive)
	must(t, err)
	defer f.Close() //nolint:errcheck // it is only read
	z, err := gzip.NewReader(f)
	must(t, err)
	folder = t.TempDir()
	for in := tar.NewReader(z); ; {
		h, err := in.Next()
		if errors.Is(err, io.EOF) {
			return folder
		}
		must(t, err)
		at := filepath.Join(folder, filepath.Clean("/"+h.Name))
		if h.FileInfo().IsDir() {
			must(t, os.MkdirAll(at, 0o700))
			continue
		}
		b, err := io.ReadAll(in)
		must(t, err)
		must(t, os.WriteFile(at, b, 0o600))
	}
}

// What a released version wrote is read for ever: its folder as it is, its backup, and its export.
func TestWhatEveryReleasedVersionWroteIsRead(t *testing.T) {
	t.Parallel()
	all, err := filepath.Glob(filepath.Join("testdata", "released", "*.tar.gz"))
	if err != nil || len(all) == 0 {
		t.Fatalf("there is none: %v", err)
	}
	for _, archive := range all {
		t.Run(filepath.Base(archive), func(t *testing.T) {
			folder := unpacked(t, archive)
			data, file := filepath.Join(folder, "data"), filepath.Join(folder, "export.jsonl")
			wanted, err := os.ReadFile(file)
			must(t, err)
			backups, err := filepath.Glob(filepath.Join(data, "backups", "*"))
			if err != nil || len(backups) == 0 {
				t.Fatalf("no backup: %v", err)
			}
			restored, imported := filepath.Join(folder, "restored"), filepath.Join(folder, "imported")
			_, err = command(t, "restore", "--from", backups[len(backups)-1], "--data", restored)
			must(t, err)
			_, err = command(t, "import", file, "--data", imported)
			must(t, err)
			for _, at := range []string{data, restored, imported} { // and what was erased in a backup is finished
				p := start(t, at)
				until(t, "an answer of "+at, func() bool { return p.status("/readyz") == http.StatusOK })
				until(t, "verified", func() bool { _, err := command(t, "verify", "--data", at); return err == nil })
			}
			if said, err := command(t, "export", "--data", data); err != nil || said != string(wanted) {
				t.Errorf("it says something else than it did: %v", err)
			}
		})
	}
}
