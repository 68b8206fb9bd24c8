package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func exported(t *testing.T, data string) (file, text string) {
	t.Helper()
	text, err := command(t, "export", "--data", data)
	must(t, err)
	file = filepath.Join(t.TempDir(), "town.jsonl")
	must(t, os.WriteFile(file, []byte(text), 0o600))
	return file, text
}

func TestAnExportedTownIsImportedBesideARunningServerAndWithout(t *testing.T) {
	t.Parallel()
	p, town := lived(t)
	file, text := exported(t, p.data)
	other := start(t, filepath.Join(t.TempDir(), "other"))
	_, err := command(t, "import", file, "--data", other.data)
	if err == nil || !strings.Contains(err.Error(), "another town is called munkfors") {
		t.Errorf("beside a town of the same name: %v", err)
	}
	if _, err := command(t, "import", file, "--data", p.data); err == nil || !strings.Contains(err.Error(), "is here already") {
		t.Errorf("beside itself: %v", err)
	}
	data := filepath.Join(t.TempDir(), "new")
	out, err := command(t, "import", file, "--data", data)
	if err != nil || !strings.Contains(out, "munkfors is here with seq") {
		t.Fatalf("%q, %v", out, err)
	}
	fresh := start(t, data)
	if f := fresh.desk(fresh.code("/desk/")).followUp(); f.Entries != 3 || f.Town.ID != town {
		t.Errorf("got %+v", f)
	}
	_, again := exported(t, data)
	a, b := strings.Split(text, "\n"), strings.Split(again, "\n")
	n := 0
	for i, l := range a {
		if strings.HasPrefix(l, `{"record":`) {
			n++
			if !strings.Contains(again, l) {
				t.Errorf("line %d is lost: %.200s", i+1, l)
			}
		}
	}
	if n < 4 || len(b) != len(a) {
		t.Errorf("%d records; %d lines became %d", n, len(a), len(b))
	}
}

func TestAFileThatIsCutOrTamperedWithLeavesNothingBehind(t *testing.T) {
	p, _ := lived(t)
	_, text := exported(t, p.data)
	bad := filepath.Join(t.TempDir(), "bad.jsonl")
	for name, c := range map[string]struct{ text, said string }{
		"cut":      {text[:len(text)/2], "line "},
		"tampered": {strings.Replace(text, `\"minutes\":40`, `\"minutes\":90`, 1), "the digest"},
		"disorder": {moved(text), "a line is missing, repeated or out of order"},
		"chain":    {strings.Replace(text, `"chain":"`, `"chain":"0000`, 2), "line "},
		"foreign":  {"<?xml version=\"1.0\"?>\n", "line 1: "},
		"empty":    {"", "line 1: the file ends here"},
		"newer":    {strings.Replace(text, `"version":1`, `"version":7`, 1), "newer than this program"},
	} {
		must(t, os.WriteFile(bad, []byte(c.text), 0o600))
		for _, data := range []string{p.data, filepath.Join(t.TempDir(), "empty")} {
			before := ""
			if data == p.data {
				before = held(t, data)
			}
			_, err := command(t, "import", bad, "--data", data)
			if err == nil || !strings.Contains(err.Error(), c.said) || !strings.Contains(err.Error(), "nothing was imported") {
				t.Errorf("%s: %v", name, err)
			}
			if after := held(t, data); data == p.data && after != before {
				t.Errorf("%s: had\n%s\nhas\n%s", name, before, after)
			} else if strings.Contains(after, ".db") && data != p.data {
				t.Errorf("%s: left %s", name, after)
			}
		}
	}
	if _, err := command(t, "import", filepath.Join(t.TempDir(), "none"), "--data", p.data); err == nil {
		t.Error("no file at all was imported")
	}
}

// moved has a record before the one that it follows.
func moved(text string) string {
	lines := strings.SplitAfter(text, "\n")
	i := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, `{"record":`) })
	lines[i+1], lines[i+2] = lines[i+2], lines[i+1]
	return strings.Join(lines, "")
}

func TestAFullDiskStopsAnImportAndLeavesNothingBehind(t *testing.T) {
	p, _ := lived(t)
	file, _ := exported(t, p.data)
	data := filepath.Join(t.TempDir(), "small")
	o := outside{args: []string{"import", file, "--data", data}, stdout: &safeBuffer{}, stderr: &safeBuffer{}, clock: &turned{}}
	o.engine.MaxSize = 64 << 10
	err := run(t.Context(), o)
	if err == nil || !strings.Contains(err.Error(), "nothing was imported") {
		t.Errorf("got %v", err)
	}
	if after := held(t, data); strings.Contains(after, ".db") {
		t.Errorf("left %s", after)
	}
}
