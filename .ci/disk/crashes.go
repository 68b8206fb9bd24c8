package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
)

// ramDisk is where folders are put that need not survive; its inodes are never given twice.
const ramDisk = "/dev/shm"

// mark is how far the log was when a push was answered.
type mark struct {
	at  int
	ids batch
}

// play is a run on a mirror that was written down: what the disk was told, and when what was acknowledged.
type play struct {
	root  uint64
	log   []op
	marks []mark
	sent  []batch
	first int // operations until the first answer; before that there may be no town
}

// crashes plays once and then looks at what the disk may hold had the power gone at any moment of it. With control, the
// server leaves out every fsync, and must be seen to lose.
func (o *options) crashes(ctx context.Context, out io.Writer) error {
	p, err := o.record(ctx)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(out, "crashes: %d operations, %d answered pushes, seed %d\n", len(p.log), len(p.marks), o.seed)
	return o.conclude(out, "crashes", o.explore(ctx, func(ctx context.Context, i uint64) error { return o.state(ctx, p, i) }))
}

// conclude says what was found of bad states, and whether that is what should be found.
func (o *options) conclude(out io.Writer, what string, bad []error) error {
	switch {
	case o.control && len(bad) == 0:
		return errors.New("a server without fsync lost nothing in any state: this test shows nothing")
	case o.control:
		_, _ = fmt.Fprintf(out, "%s: without fsync %d of %d states are bad, the first: %v\n", what, len(bad), o.rounds, bad[0])
		return nil
	case len(bad) > 0:
		return fmt.Errorf("%d of %d states are bad, the first: %w", len(bad), o.rounds, bad[0])
	}
	_, _ = fmt.Fprintf(out, "%s: %d states, none lost, none doubled, none damaged\n", what, o.rounds)
	return nil
}

// record has phones push to a server on a mirror.
func (o *options) record(ctx context.Context) (*play, error) {
	p := &play{}
	err := o.onMirror(ctx, p, 8, func(_ *service, m *mirror, phones []*phone) error {
		p.pushes(ctx, m, phones, 12)
		return nil
	})
	if err == nil && len(p.marks) == 0 {
		err = errors.New("nothing was answered")
	}
	if err != nil {
		return nil, err
	}
	p.first = p.marks[0].at
	for _, each := range p.marks {
		p.first = min(p.first, each.at)
	}
	return p, nil
}

// onMirror has a story happen to phones and a server on a mirror, and writes down what the disk was told.
func (o *options) onMirror(ctx context.Context, p *play, n int, story func(*service, *mirror, []*phone) error) (err error) {
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
	phones, err := manyPhones(ctx, s, n)
	if err != nil {
		return err
	}
	if err := story(s, m, phones); err != nil {
		return err
	}
	s.kill()
	p.root, p.log = folder.inode, m.record(false)
	_, p.sent = all(phones)
	return nil
}

// pushes has every phone push, all at once, and marks what is answered.
func (p *play) pushes(ctx context.Context, m *mirror, phones []*phone, each int) {
	var mu sync.Mutex
	everyone(ctx, phones, each, func(ph *phone, status int) {
		mu.Lock()
		defer mu.Unlock()
		if status == 200 {
			p.marks = append(p.marks, mark{at: m.now(), ids: ph.answered[len(ph.answered)-1]})
		}
	})
}

// explore checks as many states as wanted, two at a time, and gives what was wrong.
func (o *options) explore(ctx context.Context, look func(context.Context, uint64) error) (bad []error) {
	var mu sync.Mutex
	var next atomic.Int64
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for i := next.Add(1) - 1; i < int64(o.rounds) && ctx.Err() == nil; i = next.Add(1) - 1 {
				if err := look(ctx, uint64(i)); err != nil {
					mu.Lock()
					bad = append(bad, err)
					mu.Unlock()
				}
			}
		})
	}
	wg.Wait()
	return bad
}

// state makes one of the disks that may be left, and judges it. The same seed and number make the same disk of the same log.
func (o *options) state(ctx context.Context, p *play, i uint64) (err error) {
	chance := rand.New(rand.NewPCG(o.seed, i)) //nolint:gosec // to be repeated
	n := p.first + chance.IntN(len(p.log)-p.first+1)
	folder, err := os.MkdirTemp(ramDisk, "crash-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	data := filepath.Join(folder, "data")
	if err := crash(p.root, p.log, n, chance).write(data); err != nil {
		return err
	}
	var answered []batch
	for _, each := range p.marks {
		if each.at <= n {
			answered = append(answered, each.ids)
		}
	}
	if err := verdict(ctx, &service{binary: o.binary, data: data}, answered, p.sent); err != nil {
		return fmt.Errorf("state %d, the power gone after %d of %d operations: %w", i, n, len(p.log), err)
	}
	return nil
}

// mirroredFolder is a folder of the ram disk that is seen through a mirror.
type mirroredFolder struct {
	below, point string
	inode        uint64
	m            *mirror
}

func (o *options) mirrored() (*mirroredFolder, *mirror, error) {
	below, err := os.MkdirTemp(ramDisk, "below-")
	if err != nil {
		return nil, nil, err
	}
	point, err := os.MkdirTemp("", "mirror-")
	if err != nil {
		return nil, nil, err
	}
	var st syscall.Stat_t
	if err := syscall.Stat(below, &st); err != nil {
		return nil, nil, err
	}
	m, err := mount(below, point)
	if err != nil {
		return nil, nil, fmt.Errorf("mount a mirror: %w", err)
	}
	return &mirroredFolder{below, point, st.Ino, m}, m, nil
}

func (f *mirroredFolder) close() error {
	return errors.Join(f.m.unmount(), os.RemoveAll(f.point), os.RemoveAll(f.below))
}

func manyPhones(ctx context.Context, s *service, n int) ([]*phone, error) {
	phones := make([]*phone, n)
	for i := range phones {
		p, err := enrol(ctx, s, 1+i%4)
		if err != nil {
			return nil, err
		}
		phones[i] = p
	}
	return phones, nil
}
