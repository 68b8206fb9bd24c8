// Command mutants leaves out one rule of the protocol at a time and sees whether the tests notice.
//
//	go run ./.ci/mutants [-quick] [-only beginning] [-seeds n]
//
// Nothing in the tree is changed: the compiler is given the changed file in place of the real one. A rule whose text is
// no longer found exactly once fails the run, so that the table follows the code. Exits 1 when a mutant survives.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"
)

func main() {
	var o options
	flag.BoolVar(&o.quick, "quick", false, "only those that a short run is to try")
	flag.StringVar(&o.only, "only", "", "only those whose names begin so")
	flag.IntVar(&o.seeds, "seeds", 4000, "how many seeds the simulator may play before a mutant counts as alive")
	flag.IntVar(&o.apps, "apps", appSeeds, "the same of seeds with the app itself")
	flag.IntVar(&o.jobs, "jobs", 2, "how many to try at once")
	flag.Parse()
	if err := run(context.Background(), os.Stdout, o); err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(1)
	}
}

type options struct {
	quick       bool
	only        string
	seeds, apps int
	jobs        int
}

// verdict is what became of a mutant.
type verdict struct {
	mutant
	killed string // what killed it; empty when it lives
	took   time.Duration
	err    error // it could not be tried
}

func run(ctx context.Context, out io.Writer, o options) error {
	folder, err := os.MkdirTemp("", "mutants")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder) //nolint:errcheck // in the folder for temporary files
	var list []mutant
	for _, m := range mutants {
		if strings.HasPrefix(m.name, o.only) && (!o.quick || m.quick) {
			list = append(list, m)
		}
	}
	verdicts := make([]verdict, len(list))
	simulator = filepath.Join(folder, "sim.test")
	if said, err := exec.CommandContext(ctx, "go", "test", "-c", "-o", simulator, phone.pkg).CombinedOutput(); err != nil { //nolint:gosec // our own table
		return fmt.Errorf("build the simulator: %w\n%s", err, said)
	}
	var wg sync.WaitGroup
	turns := make(chan struct{}, o.jobs)
	for i, m := range list {
		wg.Go(func() {
			turns <- struct{}{}
			defer func() { <-turns }()
			verdicts[i] = try(ctx, filepath.Join(folder, m.name), m, o)
			fmt.Fprint(out, verdicts[i].line()) //nolint:errcheck // the screen
		})
	}
	wg.Wait()
	return sum(verdicts)
}

func sum(verdicts []verdict) error {
	var alive []string
	var broken []error
	for _, v := range verdicts {
		switch {
		case v.err != nil:
			broken = append(broken, fmt.Errorf("%s: %w", v.name, v.err))
		case v.killed == "":
			alive = append(alive, v.name)
		}
	}
	if len(alive) > 0 {
		broken = append(broken, fmt.Errorf("%d of %d survived: %s", len(alive), len(verdicts), strings.Join(alive, ", ")))
	}
	return errors.Join(broken...)
}

func (v verdict) line() string {
	fate := "killed by " + v.killed
	switch {
	case v.err != nil:
		fate = "could not be tried"
	case v.killed == "":
		fate = "SURVIVED"
	}
	return fmt.Sprintf("%-24s %-66s %4.0fs  %s\n", v.name, v.rule, v.took.Seconds(), fate)
}

// try applies a mutant in an overlay and runs the test that must notice.
func try(ctx context.Context, folder string, m mutant, o options) verdict {
	v := verdict{mutant: m}
	began := time.Now() //nolint:forbidigo // how long it took is all that is wanted
	overlay, err := write(folder, m)
	if err != nil {
		v.err = err
		return v
	}
	said, err := command(ctx, m, overlay, o).CombinedOutput()
	v.took = time.Since(began) //nolint:forbidigo // as above
	switch {
	case err == nil:
		if bytes.Contains(said, []byte("no tests to run")) {
			v.err = fmt.Errorf("there is no test %s in %s", m.by.run, m.by.pkg)
		}
	case bytes.Contains(said, []byte("build the app's phones")), bytes.Contains(said, []byte("[build failed]")), bytes.Contains(said, []byte("[setup failed]")):
		v.err = fmt.Errorf("it does not compile:\n%s", said)
	case bytes.Contains(said, []byte("the app's phones stopped")) && !bytes.Contains(said, []byte("the phones never rest")):
		v.err = fmt.Errorf("the simulator itself broke:\n%s", said)
	case bytes.Contains(said, []byte("panic: test timed out")): // nothing was noticed in all that time
	default:
		v.killed = reason(said)
	}
	return v
}

var (
	bySeed = regexp.MustCompile(`seed (\d+): ([^\n]{1,70})`)
	byTest = regexp.MustCompile(`--- FAIL: (\S+)`)
	byUnit = regexp.MustCompile(`FAIL +\|?logic\|? +(?:src/)?([^\n]{1,110})`)
)

func reason(said []byte) string {
	if m := bySeed.FindSubmatch(said); m != nil {
		return fmt.Sprintf("seed %s: %s", m[1], m[2])
	}
	if m := byTest.FindSubmatch(said); m != nil {
		return string(m[1])
	}
	if m := byUnit.FindSubmatch(said); m != nil {
		return string(m[1])
	}
	first, _, _ := strings.Cut(string(said), "\n")
	return first
}

// command is the test that must notice, with the changed file in place of the real one.
func command(ctx context.Context, m mutant, overlay string, o options) *exec.Cmd {
	switch m.by {
	case phone:
		return played(ctx, m, overlay, o.apps)
	case unit:
		return tested(ctx, m, overlay)
	}
	args := []string{"test", "-vet=off", "-overlay", overlay, "-count=1", "-timeout=15m", "-run", m.by.run, m.by.pkg}
	switch m.by.pkg {
	case weather.pkg:
		args = append(args, "-args", fmt.Sprintf("-sim.seeds=%d", o.seeds), "-sim.story=false")
	case rule.pkg, "./internal/replica":
		args = append(args, "-args", "-rapid.nofailfile") // a mutant's counterexample is not to be kept
	}
	return exec.CommandContext(ctx, "go", args...) //nolint:gosec // our own table
}

// played is the simulator with a changed app. Of Go nothing is changed, so it is built once; and others are tried beside
// this one, so it may have a processor and not all of them.
func played(ctx context.Context, m mutant, overlay string, seeds int) *exec.Cmd {
	test := exec.CommandContext(ctx, simulator, "-test.timeout=15m", "-test.run", m.by.run, //nolint:gosec // our own table
		fmt.Sprintf("-sim.apps=%d", seeds), "-sim.story=false", "-sim.overlay="+overlay)
	test.Dir = m.by.pkg
	test.Env = append(os.Environ(), "GOMAXPROCS=1")
	return test
}

// tested is the app's own tests with a changed app; they end with the first that fails.
func tested(ctx context.Context, m mutant, overlay string) *exec.Cmd {
	args := append([]string{"vitest", "run", "--project", "logic", "--bail", "1"}, strings.Fields(m.by.run)...)
	test := exec.CommandContext(ctx, "npx", args...) //nolint:gosec // our own table
	test.Dir = m.by.pkg
	test.Env = append(os.Environ(), "LOFTESLOGG_OVERLAY="+overlay, "NO_COLOR=1")
	return test
}

// simulator is where run builds the tests that play the app.
var simulator string

// write makes the changed file and the overlay that puts it in place of the real one.
func write(folder string, m mutant) (string, error) {
	source, err := os.ReadFile(m.file)
	if err != nil {
		return "", err
	}
	for _, e := range m.edits {
		if n := bytes.Count(source, []byte(e.old)); n != 1 {
			return "", fmt.Errorf("%s has %q %d times; the table must follow the code", m.file, e.old, n)
		}
		source = bytes.Replace(source, []byte(e.old), []byte(e.new), 1)
	}
	real, err := filepath.Abs(m.file)
	if err != nil {
		return "", err
	}
	changed, overlay := filepath.Join(folder, "changed"+filepath.Ext(m.file)), filepath.Join(folder, "overlay.json")
	text, err := json.Marshal(map[string]any{"Replace": map[string]string{real: changed}})
	if err != nil {
		return "", err
	}
	return overlay, errors.Join(os.MkdirAll(folder, 0o750), os.WriteFile(changed, source, 0o600), os.WriteFile(overlay, text, 0o600))
}
