package main

import (
	"encoding/json"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lofteslogg/internal/clock"
	"lofteslogg/internal/config"
)

// doctor asks how a house is, as of a clock that is ahead.
func doctor(t *testing.T, data string, ahead time.Duration, args ...string) (string, error) {
	t.Helper()
	c, out := &turned{}, &safeBuffer{}
	c.turn(ahead)
	err := run(t.Context(), outside{args: append([]string{"doctor", "--addr", "localhost:0", "--data", data}, args...), stdout: out, stderr: out, clock: c})
	return out.String(), err
}

func TestAHouseThatIsWellNeedsNobody(t *testing.T) {
	p, _ := lived(t)
	onlyBackup(t, p.data)
	for _, when := range []string{"A server runs", "No server runs"} {
		out, err := doctor(t, p.data, 0)
		if err != nil || !strings.Contains(out, when) || !strings.Contains(out, "Munkfors (munkfors): 3 entries") || !strings.Contains(out, "Nothing needs a person.") {
			t.Errorf("%s: %v\n%s", when, err, out)
		}
		p.stop()
	}
}

func TestWhatNeedsAPersonIsAnErrorAndASentence(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		ahead time.Duration
		make  func(data string)
		said  string
	}{
		{"no backup", 0, func(data string) { must(t, os.RemoveAll(filepath.Join(data, "backups"))) }, "There is no backup in"},
		{"an old backup", 3 * 24 * time.Hour, nil, "The last backup is 72 h old"},
		{"a clock a year behind", -365 * 24 * time.Hour, nil, "The newest entry of munkfors is of"},
		{"a clock two years ahead", 2 * 365 * 24 * time.Hour, nil, "is the clock ahead?"},
		{"a folder that others enter", 0, func(data string) { must(t, os.Chmod(data, 0o755)) }, "Others than the owner can enter"},
		{"what is no backup", 0, func(data string) { must(t, os.MkdirAll(filepath.Join(data, "backups", "odd"), 0o700)) }, "is none that this version can read"},
		{"a town without a backup", 0, func(data string) {
			_, err := command(t, "town", "add", "Ekeby", "--slug", "ekeby", "--data", data)
			must(t, err)
		}, "No verified backup has ekeby."},
		{"a backup that failed", 0, func(data string) {
			dir := backups(t, filepath.Join(data, "backups"))[0].dir
			edit(t, dir, func(m *manifest) { m.Towns[0].Verified, m.Towns[0].Problem = false, "torn" })
		}, "The last backup is not verified"},
		{"a file of another mode", 0, func(data string) { must(t, os.Chmod(filepath.Join(data, accessName), 0o644)) }, "access.db (mode 644): chmod 600 it."},
		{"a file from a time to come", -2 * time.Hour, nil, "set the clock"},
		{"a torn town", 0, func(data string) {
			list, err := filepath.Glob(filepath.Join(data, "*-*.db"))
			must(t, err)
			must(t, os.WriteFile(list[0], []byte(strings.Repeat("x", 40_000)), 0o600))
		}, "cannot be read"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, _ := lived(t)
			onlyBackup(t, p.data)
			p.stop()
			if c.make != nil {
				c.make(p.data)
			}
			out, err := doctor(t, p.data, c.ahead)
			if err == nil || !strings.Contains(out, c.said) {
				t.Errorf("want %q: %v\n%s", c.said, err, out)
			}
		})
	}
}

func TestTheDoctorSpeaksJSON(t *testing.T) {
	p, town := lived(t)
	out, err := doctor(t, p.data, 0, "--json")
	var d diagnosis
	must(t, json.Unmarshal([]byte(out), &d))
	if err == nil || len(d.Needs) != 1 || len(d.Towns) != 1 || d.Towns[0].ID != town || d.Towns[0].Size == 0 || d.Free == 0 || !d.Running {
		t.Errorf("%v, %+v", err, d)
	}
	if _, err := doctor(t, filepath.Join(t.TempDir(), "none"), 0); err == nil || !strings.Contains(err.Error(), "no data folder") {
		t.Errorf("of no folder: %v", err)
	}
}

func TestTheDoctorSaysWhetherAServerCouldStart(t *testing.T) {
	t.Parallel()
	p, cmd := serveAlone(t, filepath.Join(t.TempDir(), "data"))
	onlyBackup(t, p.data)
	must(t, cmd.Process.Kill())
	_ = cmd.Wait() // it was killed
	out, err := doctor(t, p.data, 0)
	if err != nil || !strings.Contains(out, "admin.sock is left from a server that ended in a hurry") || !strings.Contains(out, "on the same disk as the towns") {
		t.Errorf("after a kill: %v\n%s", err, out)
	}
	taken, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "localhost:0")
	must(t, err)
	defer func() { _ = taken.Close() }()
	at := taken.Addr().String()
	if out, err := doctor(t, p.data, 0, "--addr", at); err == nil || !strings.Contains(out, "Something else listens at "+at) {
		t.Errorf("with a door that is taken: %v\n%s", err, out)
	}
	h, err := openHouse(t.Context(), &outside{clock: clock.Wall{}}, &config.Config{Addr: "localhost:0", Data: p.data}, &policy{})
	must(t, err)
	if out, err := doctor(t, p.data, 0); err == nil || !strings.Contains(out, "does not answer the command line") {
		t.Errorf("of a server that hangs: %v\n%s", err, out)
	}
	must(t, h.close())
}

func TestTheDoctorComparesTheDiskWithTheNextBackup(t *testing.T) {
	p, _ := lived(t)
	p.stop()
	to := t.TempDir()
	said, _, failed := onDisk(t, small, to, "doctor", "--addr", "localhost:0", "--data", p.data, "--backup-to", to)
	if !failed || !strings.Contains(said, "The next backup takes about 0.") || !strings.Contains(said, "keep fewer with --backup-keep") {
		t.Errorf("failed %v: %s", failed, said)
	}
}
