package ledger_test

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
	"lofteslogg/internal/ledger"
)

func line(n byte) ledger.Line {
	id := event.MustID("01890000-0000-7000-8000-0000000000e0")
	id[15] = n
	return ledger.Line{Event: id, Entity: id, Skeleton: `{"v":1}`, Digest: "ab", Reason: "namn i texten", Decision: "KS 2026/12", Who: "Kim", At: 1_795_400_000_000 + int64(n)}
}

func filled(t *testing.T) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "town.erased.jsonl")
	l := open(t, path)
	if err := l.Append(line(1), line(2)); err != nil {
		t.Fatal(err)
	}
	if err := l.Append(line(3)); err != nil {
		t.Fatal(err)
	}
	return path
}

func open(t *testing.T, path string) *ledger.Ledger {
	t.Helper()
	l, err := ledger.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestWhatWasAppendedIsThereWhenItIsOpenedAgain(t *testing.T) {
	path := filled(t)
	if got, want := open(t, path).Lines(), []ledger.Line{line(1), line(2), line(3)}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

func TestALineThatWasNotWrittenToItsEndIsCutOff(t *testing.T) {
	path := filled(t)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	last := bytes.LastIndexByte(whole[:len(whole)-1], '\n') + 1
	for size := last; size < len(whole); size++ {
		if err := os.WriteFile(path, whole[:size], 0o600); err != nil {
			t.Fatal(err)
		}
		l := open(t, path)
		if len(l.Lines()) != 2 {
			t.Fatalf("%d lines of a file of %d bytes", len(l.Lines()), size)
		}
		if err := l.Append(line(3)); err != nil {
			t.Fatal(err)
		}
		if again, err := os.ReadFile(path); err != nil || !bytes.Equal(again, whole) {
			t.Fatalf("cut at %d and written again it is\n%s%v", size, again, err)
		}
	}
}

func TestAChangedByteIsToldWithItsLine(t *testing.T) {
	path := filled(t)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range whole[:len(whole)-1] {
		bad := bytes.Clone(whole)
		bad[i] ^= 1
		if err := os.WriteFile(path, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := ledger.Open(path); fault.KindOf(err) != fault.Internal || !strings.Contains(err.Error(), ", line ") {
			t.Fatalf("byte %d: %v", i, err)
		}
	}
}

func TestALineThatIsMissingOrMovedIsTold(t *testing.T) {
	path := filled(t)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	l := bytes.SplitAfter(whole, []byte("\n"))
	for name, left := range map[string][][]byte{"the first is missing": {l[1], l[2]}, "the second is missing": {l[0], l[2]}, "two are moved": {l[0], l[2], l[1]}, "one is there twice": {l[0], l[0], l[1]}} {
		if err := os.WriteFile(path, bytes.Join(left, nil), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := ledger.Open(path); err == nil {
			t.Errorf("%s, and nobody noticed", name)
		}
	}
}

func TestAfterAFailedWriteNothingIsTakenUntilItIsOpenedAnew(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "gone")
	l := open(t, filepath.Join(dir, "town.erased.jsonl"))
	if l.Append(line(1)) == nil {
		t.Fatal("written into a folder that is not there")
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if l.Append(line(1)) == nil || len(l.Lines()) != 0 {
		t.Error("taken")
	}
	if err := open(t, filepath.Join(dir, "town.erased.jsonl")).Append(line(1)); err != nil {
		t.Error(err)
	}
}

func TestLearningAppendsOnlyWhatIsNotThereYet(t *testing.T) {
	path := filled(t)
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	other := line(2)
	other.Reason = "said otherwise"
	if err := open(t, path).Learn([]ledger.Line{other, line(4), line(4), line(1)}); err != nil {
		t.Fatal(err)
	}
	after, err := os.ReadFile(path)
	if err != nil || !bytes.HasPrefix(after, before) {
		t.Errorf("what was there is changed: %v", err)
	}
	if got := open(t, path).Lines(); len(got) != 4 || got[3] != line(4) || got[1] != line(2) {
		t.Errorf("got %+v", got)
	}
}

func TestReadingLeavesALineAloneThatIsBeingWritten(t *testing.T) {
	path := filled(t)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, whole[:len(whole)-7], 0o600); err != nil {
		t.Fatal(err)
	}
	lines, err := ledger.Read(path)
	if err != nil || len(lines) != 2 {
		t.Errorf("%d lines, %v", len(lines), err)
	}
	if after, err := os.ReadFile(path); err != nil || len(after) != len(whole)-7 {
		t.Errorf("it has %d bytes of %d, %v", len(after), len(whole)-7, err)
	}
}
