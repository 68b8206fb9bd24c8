package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// power cuts the power of a real file system under a busy server, again and again. With control, the server leaves out every fsync, and
// must be seen to lose in one of the rounds.
func (o *options) power(ctx context.Context, out io.Writer) error {
	chance := rand.New(rand.NewPCG(o.seed, 0)) //nolint:gosec // to be repeated
	answered, lost := 0, error(nil)
	for i := range o.rounds {
		n, err := o.cut(ctx, time.Duration(100+chance.IntN(900))*time.Millisecond)
		answered += n
		if err != nil && !o.control {
			return fmt.Errorf("power cut %d, seed %d: %w", i, o.seed, err)
		}
		if err != nil {
			lost = err
			break
		}
	}
	if o.control && lost == nil {
		return fmt.Errorf("a server without fsync lost nothing in %d power cuts: this test shows nothing", o.rounds)
	}
	if o.control {
		_, _ = fmt.Fprintf(out, "power: without fsync: %v\n", lost)
		return nil
	}
	_, _ = fmt.Fprintf(out, "power: %d cuts, %d answered pushes, none lost\n", o.rounds, answered)
	return nil
}

// cut has phones push for a while to a server on a disk of its own and takes the power away.
func (o *options) cut(ctx context.Context, after time.Duration) (answeredPushes int, err error) {
	d, err := newDisk(ctx)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, d.remove(ctx)) }()
	s := &service{binary: o.binary, data: filepath.Join(d.point, "data"), env: o.env()}
	if err := s.start(ctx); err != nil {
		return 0, err
	}
	defer s.kill()
	phones, err := manyPhones(ctx, s, 8)
	if err != nil {
		return 0, err
	}
	if err := run(ctx, "sync", "-f", d.point); err != nil { // what was there before is not what is tested
		return 0, err
	}
	pushing, stop := context.WithTimeout(ctx, after)
	defer stop()
	done := make(chan struct{})
	go func() {
		defer close(done)
		everyone(ctx, phones, forEver, nil)
	}()
	<-pushing.Done()
	if err := run(ctx, "xfs_io", "-x", "-c", "shutdown", d.point); err != nil {
		return 0, err
	}
	s.kill()
	<-done
	if err := d.again(ctx); err != nil {
		return 0, err
	}
	answered, sent := all(phones)
	return len(answered), verdict(ctx, &service{binary: o.binary, data: s.data}, answered, sent)
}

// disk is an ext4 file system in a file.
type disk struct{ folder, file, point string }

const diskSize = 192 << 20

func newDisk(ctx context.Context) (*disk, error) {
	folder, err := os.MkdirTemp("", "disk-")
	if err != nil {
		return nil, err
	}
	d := &disk{folder, filepath.Join(folder, "disk.img"), filepath.Join(folder, "mounted")}
	if err := errors.Join(os.Mkdir(d.point, 0o700), os.WriteFile(d.file, nil, 0o600), os.Truncate(d.file, diskSize)); err != nil {
		return nil, err
	}
	if err := run(ctx, "mkfs.ext4", "-q", "-F", d.file); err != nil {
		return nil, err
	}
	return d, d.mount(ctx)
}

func (d *disk) mount(ctx context.Context) error {
	return run(ctx, "mount", "-o", "loop,commit=1", d.file, d.point)
}

// again is the disk after the power came back: what the kernel remembered is gone, and the journal is replayed.
func (d *disk) again(ctx context.Context) error {
	return errors.Join(run(ctx, "umount", d.point), d.mount(ctx))
}

func (d *disk) remove(ctx context.Context) error {
	return errors.Join(run(ctx, "umount", d.point), os.RemoveAll(d.folder))
}

func run(ctx context.Context, name string, args ...string) error {
	said, err := exec.CommandContext(ctx, name, args...).CombinedOutput() //nolint:gosec // named in this file
	if err != nil {
		return fmt.Errorf("%s: %w: %s", name, err, said)
	}
	return nil
}
