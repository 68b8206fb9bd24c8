package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"
)

// kills ends a busy server at a moment of its work with the disk, before or after it, and every other time at a moment of the
// clock. The data stays from round to round, so that each death is on top of those before it.
func (o *options) kills(ctx context.Context, out io.Writer) (err error) {
	folder, m, err := o.mirrored()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, folder.close()) }()
	chance := rand.New(rand.NewPCG(o.seed, 0)) //nolint:gosec // to be repeated
	s := &service{binary: o.binary, data: folder.point, env: o.env()}
	if err := s.start(ctx); err != nil {
		return err
	}
	defer s.kill()
	phones, err := manyPhones(ctx, s, 8)
	if err != nil {
		return err
	}
	for i := range o.rounds {
		if !s.alive() {
			if err := s.start(ctx); err != nil {
				return fmt.Errorf("round %d: %w", i, err)
			}
		}
		o.oneDeath(ctx, s, m, phones, chance)
		if i%5 != 4 && i != o.rounds-1 {
			continue
		}
		answered, sent := all(phones)
		if err := o.copyAndJudge(ctx, folder.below, answered, sent); err != nil {
			return fmt.Errorf("round %d, seed %d: %w", i, o.seed, err)
		}
	}
	answered, _ := all(phones)
	_, _ = fmt.Fprintf(out, "kills: %d deaths of the server, %d answered pushes, none lost, none doubled, none half\n", o.rounds, len(answered))
	return nil
}

func (o *options) oneDeath(ctx context.Context, s *service, m *mirror, phones []*phone, chance *rand.Rand) {
	what, at, before := []verb{writes, syncs}[chance.IntN(2)], chance.IntN(60), chance.IntN(2) == 0
	clock := chance.IntN(2) == 0
	if !clock {
		m.when(func(kind verb, n int) trouble {
			if kind != what || n != at {
				return trouble{}
			}
			if before {
				go s.kill()
				return trouble{wait: 50 * time.Millisecond}
			}
			return trouble{then: func() { go s.kill(); time.Sleep(50 * time.Millisecond) }}
		})
	}
	time.AfterFunc(time.Duration(20+chance.IntN(400))*time.Millisecond, func() {
		if clock {
			s.kill()
		}
	})
	limit, stop := context.WithTimeout(ctx, patience)
	defer stop()
	everyone(limit, phones, forEver, nil)
	m.when(nil)
	s.kill()
}

// copyAndJudge looks at a copy, so that looking changes nothing.
func (o *options) copyAndJudge(ctx context.Context, from string, answered, sent []batch) (err error) {
	to, err := os.MkdirTemp(ramDisk, "copy-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(to)) }()
	data := filepath.Join(to, "data")
	if err := os.CopyFS(data, os.DirFS(from)); err != nil && !errors.Is(err, os.ErrInvalid) {
		return err
	}
	return verdict(ctx, &service{binary: o.binary, data: data}, answered, sent)
}
