package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// page is what the store writes at once.
const page = 4096

// damages harms a town's file in as many ways as wanted, and has the program look at each. It must find what is wrong, or what
// the file says must be what it said: then the harm met a page that holds nothing. It must never take longer than the deadline.
func (o *options) damages(ctx context.Context, out io.Writer) error {
	f, err := o.manyPages(ctx)
	if err != nil {
		return err
	}
	var next, found, harmless atomic.Int64
	var mu sync.Mutex
	var bad []error
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for i := next.Add(1) - 1; i < int64(o.rounds) && ctx.Err() == nil; i = next.Add(1) - 1 {
				told, err := o.oneDamage(ctx, f, uint64(i))
				switch {
				case err != nil:
					mu.Lock()
					bad = append(bad, fmt.Errorf("damage %d, seed %d: %w", i, o.seed, err))
					mu.Unlock()
				case told:
					found.Add(1)
				default:
					harmless.Add(1)
				}
			}
		})
	}
	wg.Wait()
	if len(bad) > 0 {
		return fmt.Errorf("%d of %d damages: the first: %w", len(bad), o.rounds, bad[0])
	}
	if found.Load() < int64(o.rounds)/4 {
		return fmt.Errorf("only %d of %d damages met anything: this test shows little", found.Load(), o.rounds)
	}
	_, _ = fmt.Fprintf(out, "damages: %d found, %d met nothing that is used; the longest look took %v\n", found.Load(), harmless.Load(), time.Duration(f.longest.Load()).Round(time.Millisecond))
	return nil
}

// harmed is a whole file, an earlier state of it, and what it says.
type harmed struct {
	path, town   string
	whole, older []byte
	says         string
	longest      atomic.Int64
}

// manyPages is a file that was written to for a while.
func (o *options) manyPages(ctx context.Context) (f *harmed, err error) {
	dir, err := os.MkdirTemp(ramDisk, "damage-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	s := &service{binary: o.binary, data: filepath.Join(dir, "data")}
	if err := s.start(ctx); err != nil {
		return nil, err
	}
	defer s.kill()
	phones, err := manyPhones(ctx, s, 4)
	if err != nil {
		return nil, err
	}
	f = &harmed{town: phones[0].town, path: filepath.Join(dir, "data", phones[0].town+".db")}
	everyone(ctx, phones, 20, nil)
	if f.older, err = os.ReadFile(f.path); err != nil {
		return nil, err
	}
	everyone(ctx, phones, 20, nil)
	s.kill()
	if f.whole, err = os.ReadFile(f.path); err != nil {
		return nil, err
	}
	report, told, err := look(ctx, o.binary, f.path, f.town)
	if told {
		err = errors.Join(err, fmt.Errorf("the whole file is said to be damaged: %s", report))
	}
	f.says = report
	return f, err
}

func (o *options) oneDamage(ctx context.Context, f *harmed, i uint64) (told bool, err error) {
	dir, err := os.MkdirTemp(ramDisk, "harmed-")
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	bytes, what := harm(f, rand.New(rand.NewPCG(o.seed, i))) //nolint:gosec // to be repeated
	path := filepath.Join(dir, f.town+".db")
	if err := os.WriteFile(path, bytes, 0o600); err != nil {
		return false, err
	}
	began := time.Now()
	report, told, err := look(ctx, o.binary, path, f.town)
	took := int64(time.Since(began))
	for was := f.longest.Load(); took > was && !f.longest.CompareAndSwap(was, took); was = f.longest.Load() {
	}
	if err == nil && !told && report != f.says {
		return false, fmt.Errorf("%s was not noticed, and the file says\n%s\ninstead of\n%s", what, report, f.says)
	}
	return told, err
}

// look has the program check a file, in the process that verify and the server have for that too. A process that the file ends has
// told that something is wrong; one that does not come to an end has not.
func look(ctx context.Context, binary, path, town string) (report string, told bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	out, failed := exec.CommandContext(ctx, binary, "check-file", path, "--town", town).Output() //nolint:gosec // the program that is tested
	if ctx.Err() != nil {
		return "", false, fmt.Errorf("the check did not come to an end within %v", patience)
	}
	var said struct {
		Page        string
		Differences []string
		Short       bool
	}
	if failed != nil {
		return "", true, nil
	}
	if err := json.Unmarshal(out, &said); err != nil {
		return "", false, err
	}
	return string(out), said.Page != "" || len(said.Differences) > 0 || said.Short, nil
}

// harm gives the file with one thing wrong, where there is something.
func harm(f *harmed, chance *rand.Rand) (bytes []byte, what string) {
	bytes = append([]byte(nil), f.whole...)
	used := len(strings.TrimRight(string(bytes), "\x00"))
	pages := used / page
	at := chance.IntN(pages) * page
	switch chance.IntN(6) {
	case 0, 1:
		i := chance.IntN(used)
		bytes[i] ^= 1 << chance.IntN(8)
		return bytes, fmt.Sprintf("a flipped bit at %d", i)
	case 2:
		clear(bytes[at : at+page])
		return bytes, fmt.Sprintf("an empty page at %d", at)
	case 3:
		cut := 1 + chance.IntN(used)
		return bytes[:cut], fmt.Sprintf("an end at %d", cut)
	case 4:
		other := chance.IntN(pages) * page
		copy(bytes[at:at+page], f.whole[other:other+page])
		copy(bytes[other:other+page], f.whole[at:at+page])
		return bytes, fmt.Sprintf("the pages at %d and %d in each other's place", at, other)
	default:
		if at+page <= len(f.older) {
			copy(bytes[at:at+page], f.older[at:at+page])
		}
		return bytes, fmt.Sprintf("an older page at %d", at)
	}
}
