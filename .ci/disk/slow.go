package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"
)

// phonePatience is how long the app waits for an answer to a push before it takes it for lost.
const phonePatience = 45 * time.Second

// slow has every fsync take as long as -fsync says. Each push must be answered, as stored or as not now, before a phone gives up: one that
// is not sends all of it again, and makes the disk slower still.
func (o *options) slow(ctx context.Context, out io.Writer) (err error) {
	folder, m, err := o.mirrored()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, folder.close()) }()
	s := &service{binary: o.binary, data: folder.point, env: o.env()}
	if err := s.start(ctx); err != nil {
		return err
	}
	defer s.kill()
	phones, err := manyPhones(ctx, s, 16)
	if err != nil {
		return err
	}
	m.when(func(kind verb, _ int) trouble {
		if kind == syncs {
			return trouble{wait: o.fsync}
		}
		return trouble{}
	})
	took, not := o.clocked(ctx, phones)
	m.when(nil)
	if worst := took[len(took)-1]; worst >= phonePatience {
		return fmt.Errorf("with an fsync of %v a push was answered after %v: a phone gives up after %v", o.fsync, worst, phonePatience)
	}
	answered, sent := all(phones)
	_, _ = fmt.Fprintf(out, "slow: fsync of %v: %d pushes, %d answered not now; p50 %v, p99 %v\n", o.fsync, len(took), not, at(took, 50), at(took, 99))
	return o.copyAndJudge(ctx, folder.below, answered, sent)
}

// clocked gives how long each answer took, the shortest first, and how many said not now.
func (o *options) clocked(ctx context.Context, phones []*phone) (took []time.Duration, not int) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	for _, p := range phones {
		wg.Go(func() {
			for range o.rounds {
				began := time.Now()
				status, _ := p.push(ctx)
				mu.Lock()
				if took = append(took, time.Since(began)); status != 200 {
					not++
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	slices.Sort(took)
	return took, not
}

func at(sorted []time.Duration, percent int) time.Duration {
	return sorted[min(len(sorted)-1, len(sorted)*percent/100)].Round(time.Millisecond)
}
