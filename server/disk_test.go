package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// onDisk runs the program where a folder is a disk of its own, mounted as the script says, and lists what is in the
// folder afterwards. The disk is there for that process alone.
func onDisk(t *testing.T, mount, dir string, args ...string) (said, left string, failed bool) {
	t.Helper()
	self, err := os.Executable()
	must(t, err)
	script := mount + ` || exit 9; dir=$1; shift; "$@"; code=$?; echo "<left>"; find "$dir" -mindepth 1; exit $code`
	flags := []string{"--mount"}
	if os.Geteuid() != 0 {
		flags = append(flags, "--map-root-user")
	}
	cmd := exec.CommandContext(t.Context(), "unshare", append(append(flags, "sh", "-c", script, "sh", dir, self), args...)...)
	cmd.Env = append(os.Environ(), asProgram+"=1")
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState.ExitCode() == 9 {
		t.Fatalf("no disk could be mounted: %s", out)
	}
	said, left, _ = strings.Cut(string(out), "<left>\n")
	return said, left, err != nil
}

const (
	small    = `mount -t tmpfs -o size=64k none "$1"`
	readOnly = `mount -t tmpfs -o ro none "$1"`
	frozen   = `mount --bind "$1" "$1" && mount -o remount,bind,ro "$1"`
)

func TestAFullDiskStopsABackupARestoreAndAnImportAndChangesNothing(t *testing.T) {
	p, town := lived(t)
	from := onlyBackup(t, p.data)
	lines, _ := exported(t, p.data)
	p.stop()
	copies, elsewhere := filepath.Join(p.data, copiesName), t.TempDir()
	before := held(t, p.data)
	file, err := os.ReadFile(fileOf(p.data, town))
	must(t, err)
	for name, c := range map[string]struct {
		dir  string
		args []string
		said string
	}{
		"backup":  {elsewhere, []string{"backup", "--to", elsewhere}, "no backup was made in " + elsewhere},
		"restore": {copies, []string{"restore", "--from", from}, "nothing was changed"},
		"import":  {copies, []string{"import", lines}, "nothing was imported: " + lines},
		"export":  {copies, []string{"export"}, "copy munkfors"},
		"verify":  {copies, []string{"verify"}, "copy munkfors"},
	} {
		said, left, failed := onDisk(t, small, c.dir, append(c.args, "--data", p.data)...)
		if !failed || !strings.Contains(said, c.said) || !strings.Contains(said, "no space left on device") || !strings.Contains(said, "Make room, or choose") {
			t.Errorf("%s: failed %v: %s", name, failed, said)
		}
		if left != "" {
			t.Errorf("%s left:\n%s", name, left)
		}
	}
	if after := held(t, p.data); after != before {
		t.Errorf("had\n%s\nhas\n%s", before, after)
	}
	if now, err := os.ReadFile(fileOf(p.data, town)); err != nil || string(now) != string(file) {
		t.Errorf("the town's file is another (%v)", err)
	}
}

func TestADiskThatCanOnlyBeReadIsSaidAndLeftAlone(t *testing.T) {
	p, _ := lived(t)
	p.stop()
	elsewhere := t.TempDir()
	before := held(t, p.data)
	for name, c := range map[string]struct {
		mount, dir string
		args       []string
	}{
		"backup": {readOnly, elsewhere, []string{"backup", "--to", elsewhere}},
		"serve":  {frozen, p.data, []string{"serve", "--addr", "localhost:0"}},
		"verify": {frozen, p.data, []string{"verify"}},
	} {
		said, _, failed := onDisk(t, c.mount, c.dir, append(c.args, "--data", p.data)...)
		if !failed || !strings.Contains(said, "read-only file system") || !strings.Contains(said, "Mount it for writing") {
			t.Errorf("%s: failed %v: %s", name, failed, said)
		}
	}
	if after := held(t, p.data); after != before {
		t.Errorf("had\n%s\nhas\n%s", before, after)
	}
}
