package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

// fault is one way in which one call to the disk can go wrong.
type diskFault struct {
	verb  verb
	errno syscall.Errno
	short bool
}

func (f diskFault) String() string {
	if f.short {
		return fmt.Sprintf("half a %s", f.verb)
	}
	return fmt.Sprintf("%s: %v", f.verb, f.errno)
}

var everyFault = []diskFault{
	{verb: writes, errno: syscall.EIO}, {verb: writes, errno: syscall.ENOSPC}, {verb: writes, short: true},
	{verb: syncs, errno: syscall.EIO}, {verb: syncs, errno: syscall.ENOSPC},
	{verb: resizes, errno: syscall.EIO}, {verb: resizes, errno: syscall.ENOSPC},
}

// faults has one call to the disk go wrong at a time. The server must not end, must take pushes again when it is over, and
// whatever it acknowledged must be on the disk should the power go then: a disk that failed to be durable was not.
func (o *options) faults(ctx context.Context, out io.Writer) (err error) {
	folder, m, err := o.mirrored()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, folder.close()) }()
	m.record(true)
	s := &service{binary: o.binary, data: folder.point, env: o.env()}
	if err := s.start(ctx); err != nil {
		return err
	}
	defer s.kill()
	phones, err := manyPhones(ctx, s, 4)
	if err != nil {
		return err
	}
	chance := rand.New(rand.NewPCG(o.seed, 0)) //nolint:gosec // to be repeated
	met, slowest := 0, time.Duration(0)
	for i := range o.rounds {
		f := everyFault[i%len(everyFault)]
		hit, took, err := o.oneFault(ctx, s, m, phones, f, chance)
		if err == nil {
			err = o.afterPowerCut(ctx, folder, m, phones)
		}
		if err != nil {
			return fmt.Errorf("round %d (%v), seed %d: %w", i, f, o.seed, err)
		}
		if hit {
			met++
		}
		slowest = max(slowest, took)
	}
	if strings.Contains(s.said.String(), "panic") {
		return fmt.Errorf("the server panicked: %s", tail(&s.said))
	}
	if met < o.rounds/2 {
		return fmt.Errorf("only %d of %d faults were met: this test shows little", met, o.rounds)
	}
	_, _ = fmt.Fprintf(out, "faults: %d of %d calls that went wrong were met, none of what was acknowledged lost; well again after at most %v\n", met, o.rounds, slowest.Round(time.Millisecond))
	return nil
}

// oneFault has phones push while it happens, and waits until each is answered again.
func (o *options) oneFault(ctx context.Context, s *service, m *mirror, phones []*phone, f diskFault, chance *rand.Rand) (hit bool, took time.Duration, err error) {
	at := chance.IntN(12)
	if f.verb == resizes {
		at = 0
	}
	var happened atomic.Bool
	m.when(func(kind verb, n int) trouble {
		if kind == f.verb && n >= at && happened.CompareAndSwap(false, true) {
			return trouble{errno: f.errno, short: f.short}
		}
		return trouble{}
	})
	everyone(ctx, phones, 4, nil)
	m.when(nil)
	began := time.Now()
	for _, p := range phones {
		for status := 0; status != 200; {
			if !s.alive() {
				return false, 0, fmt.Errorf("the server ended: %s", tail(&s.said))
			}
			if time.Since(began) > patience {
				return false, 0, fmt.Errorf("pushes are still answered %d: %s", status, tail(&s.said))
			}
			status, _ = p.push(ctx)
			if status != 200 {
				time.Sleep(20 * time.Millisecond)
			}
		}
	}
	return happened.Load(), time.Since(began), nil
}

// afterPowerCut judges the least that the disk may hold now.
func (o *options) afterPowerCut(ctx context.Context, folder *mirroredFolder, m *mirror, phones []*phone) (err error) {
	to, err := os.MkdirTemp(ramDisk, "crash-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(to)) }()
	data := filepath.Join(to, "data")
	log := m.soFar()
	if err := durable(folder.inode, log).write(data); err != nil {
		return err
	}
	answered, sent := all(phones)
	return verdict(ctx, &service{binary: o.binary, data: data}, answered, sent)
}
