package access_test

import (
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"lofteslogg/internal/access"
	"lofteslogg/internal/fault"
)

func wrong(i int) string { return fmt.Sprintf("%010d", i) }

func TestANetworkGuessesFiveTimesAQuarter(t *testing.T) {
	d := open(t)
	good := d.invite(t, access.Field)
	for i := range access.GuessesPerNet {
		_, _, err := d.Look(wrong(i), home)
		wants(t, err, fault.NotFound, "code-unknown")
	}
	_, _, err := d.Look(good.Short, home)
	wants(t, err, fault.TooMany, "code-attempts")
	_, _, err = d.Look(good.Short, netip.MustParseAddr("192.0.2.2"))
	must(t, err)
	d.clock.pass(access.GuessWindow)
	_, _, err = d.Look(d.invite(t, access.Field).Short, home)
	must(t, err)
}

func TestManyGuessesAtOnceAreCountedAsTheyCome(t *testing.T) {
	d := open(t)
	var looked atomic.Int32
	var all sync.WaitGroup
	for i := range 100 {
		all.Go(func() {
			if _, _, err := d.Look(wrong(i), home); fault.KindOf(err) == fault.NotFound {
				looked.Add(1)
			}
		})
	}
	all.Wait()
	if looked.Load() != access.GuessesPerNet {
		t.Errorf("%d guesses, want %d", looked.Load(), access.GuessesPerNet)
	}
}

func TestAddressesOfOneNetworkShareTheirGuesses(t *testing.T) {
	d := open(t)
	for i := range access.GuessesPerNet {
		_, _, _ = d.Look(wrong(i), netip.MustParseAddr(fmt.Sprintf("2001:db8:1:2::%d", i+1)))
	}
	_, _, err := d.Look(wrong(9), netip.MustParseAddr("2001:db8:1:2:ffff::1"))
	wants(t, err, fault.TooMany, "code-attempts")
	_, _, err = d.Look(wrong(9), netip.MustParseAddr("2001:db8:1:3::1"))
	wants(t, err, fault.NotFound, "code-unknown")
}

func TestGuessersEverywhereDoNotShutTheLinksAndEndWithTheirWindow(t *testing.T) {
	d := open(t)
	good := d.invite(t, access.Field)
	guess := func(i int) error {
		_, _, err := d.Look(wrong(i), netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}))
		return err
	}
	i := 0
	for ; fault.KindOf(guess(i)) == fault.NotFound; i++ {
		if i > 10_000 {
			t.Fatal("nobody stops the guessers")
		}
	}
	_, _, err := d.Look(good.Short, home)
	wants(t, err, fault.TooMany, "code-attempts")
	_, err = d.Enrol(enrolment(good.Link))
	must(t, err)
	d.clock.pass(access.GuessWindow)
	_, err = d.Enrol(enrolment(d.invite(t, access.Field).Short))
	must(t, err)
}

func TestAMistypedLengthIsNoGuess(t *testing.T) {
	d := open(t)
	for range 3 * access.GuessesPerNet {
		_, _, err := d.Look("ABC", home)
		wants(t, err, fault.NotFound, "code-unknown")
	}
	_, _, err := d.Look(d.invite(t, access.Field).Short, home)
	must(t, err)
}

func TestAHundredThousandGuessesFindNothingAndTheLinkLetsAnHonestPersonIn(t *testing.T) {
	d := open(t)
	held := 0
	for quarter := range 10 {
		good := d.invite(t, access.Field)
		for i := range 10_000 {
			at := netip.AddrFrom4([4]byte{10, byte(quarter), byte(i >> 8), byte(i)})
			if i%2 == 0 {
				at = netip.AddrFrom4([4]byte{10, 0, 0, byte(i % 7)}) // some come from few networks
			}
			if _, err := d.Enrol(guess(quarter*10_000+i, at)); fault.KindOf(err) != fault.NotFound && fault.KindOf(err) != fault.TooMany {
				t.Fatalf("guess %d: %v", i, err)
			}
		}
		_, err := d.Enrol(typed(good.Short))
		if fault.KindOf(err) == fault.TooMany {
			held++
			_, err = d.Enrol(typed(good.Link)) // as the sentence says
		}
		must(t, err)
		d.clock.pass(access.GuessWindow)
	}
	if held != 10 {
		t.Errorf("the guessers were stopped in %d of 10 quarters", held)
	}
}

// guess is a try with a code that never was.
func guess(i int, at netip.Addr) access.Enrolment {
	e := typed(wrong(i))
	e.From = at
	return e
}

// typed is a try from home.
func typed(code string) access.Enrolment {
	e := enrolment(code)
	e.From = home
	return e
}

// BenchmarkLook shows that a code that exists and one that does not take as long to answer.
func BenchmarkLook(b *testing.B) {
	for _, c := range []struct {
		name  string
		known bool
	}{{"known", true}, {"unknown", false}} {
		b.Run(c.name, func(b *testing.B) {
			d := open(b)
			code := newLink()
			if c.known {
				code = d.invite(b, access.Field).Link
			}
			for b.Loop() {
				_, _, _ = d.Look(code, home)
			}
		})
	}
}

func newLink() string { return strings.Repeat("7", 26) }
