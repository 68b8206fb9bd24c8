package sim

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

var (
	seeds    = flag.Int("sim.seeds", 300, "how many seeds to play")
	appSeeds = flag.Int("sim.apps", 6, "how many seeds to play with the app itself")
	appTries = flag.Int("sim.tries", 100, "how often the story of such a seed is played to make it shorter")
	seedBase = flag.Uint64("sim.base", 1, "the first of them")
	tell     = flag.Bool("sim.story", true, "tell the shortest story of a seed that fails")
	turns    = flag.Int("sim.turns", 140, "how many steps a seed has")
)

func TestMain(m *testing.M) {
	debug.SetGCPercent(400) // towns are many and short-lived
	os.Exit(m.Run())
}

// stage is what a seed is played on: an engine, and what stands before the replica.
type stage struct {
	depot func() depot
	world func(seed uint64, d depot) *world
	extra int // workers beside one for each processor, for stages that wait for a disk
	tries int // how often a story may be played to make it shorter; 0 is as often as it helps
}

// before is a world of testkit's phones, and what stands before the replica in it.
func before(front func(*world) http.Handler) func(uint64, depot) *world {
	return func(seed uint64, d depot) *world { return newWorld(seed, d, front) }
}

var inMemory = stage{depot: newMemDepot, world: before(newHandler)}

// play runs one seed and tells what did not hold; skip takes steps away.
func (s stage) play(seed uint64, n int, tell bool, skip func(int) bool) *world {
	d := s.depot()
	defer d.over()
	w := s.world(seed, d)
	defer w.over()
	w.tell = tell
	for i := 1; i <= n && w.broken == ""; i++ {
		if skip == nil || !skip(i) {
			w.turn(i)
		}
	}
	if w.broken == "" {
		w.audit()
	}
	return w
}

// TestWeather plays seeds and shows the shortest story it can find of the first that fails.
func TestWeather(t *testing.T) { inMemory.weather(t, *seeds) }

func (s stage) weather(t *testing.T, n int) {
	if n == 0 {
		t.Fatal("no seed was played")
	}
	var next atomic.Uint64
	next.Store(*seedBase)
	end := *seedBase + uint64(n)
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) + s.extra {
		wg.Go(func() {
			for seed := next.Add(1) - 1; seed < end && !t.Failed(); seed = next.Add(1) - 1 {
				if w := s.play(seed, *turns, false, nil); w.broken != "" {
					t.Errorf("seed %d: %s\n%s", seed, w.broken, s.story(seed, *turns, w.broken))
				}
			}
		})
	}
	wg.Wait()
}

// found are seeds that once failed, with what they found. A change of the simulator gives a seed another story, so the
// cases themselves are kept where the mistake was: see found_test.go in package replica.
var found = []uint64{
	20, 21, // a fork was told once, and the reply lost
	55, 67, // a result was of the moment and not of the batch
	152, 439, // one of two desks that decided was not heard
	3060, // an entity was torn when one of its events was held back
	258, 1137, 1447,
}

func TestSeedsThatOnceFailed(t *testing.T) {
	for _, seed := range found {
		if w := inMemory.play(seed, *turns, false, nil); w.broken != "" {
			t.Errorf("seed %d: %s\n%s", seed, w.broken, inMemory.story(seed, *turns, w.broken))
		}
	}
}

// TestSameSeedTellsTheSameStory is I18.
func TestSameSeedTellsTheSameStory(t *testing.T) {
	for seed := range uint64(10) {
		a, b := inMemory.play(seed, *turns, false, nil), inMemory.play(seed, *turns, false, nil)
		if a.trace.Sum64() != b.trace.Sum64() {
			t.Errorf("seed %d was played twice and ended differently", seed)
		}
	}
}

// story takes steps away from a failing seed for as long as it fails in the same way, and tells what is left.
func (s stage) story(seed uint64, n int, why string) string {
	if !*tell {
		return ""
	}
	kind, _, _ := strings.Cut(why, ":")
	gone := map[int]bool{}
	fails := func() *world {
		w := s.play(seed, n, true, func(i int) bool { return gone[i] })
		if got, _, _ := strings.Cut(w.broken, ":"); got == kind {
			return w
		}
		return nil
	}
	last := fails()
	tries := 0
	for size := n / 2; size > 0; size /= 2 {
		for from := 1; from <= n && (s.tries == 0 || tries < s.tries); from += size {
			var tried []int
			for i := from; i < from+size && i <= n; i++ {
				if !gone[i] {
					tried = append(tried, i)
					gone[i] = true
				}
			}
			if len(tried) == 0 {
				continue
			}
			tries++
			if w := fails(); w != nil {
				last = w
				continue
			}
			for _, i := range tried {
				delete(gone, i)
			}
		}
	}
	if last == nil {
		return "(it does not fail again)"
	}
	left := slices.Collect(func(yield func(int) bool) {
		for i := 1; i <= n; i++ {
			if !gone[i] && !yield(i) {
				return
			}
		}
	})
	return fmt.Sprintf("%s\nsteps %v\n  %s", last.broken, left, strings.Join(last.lines, "\n  "))
}
