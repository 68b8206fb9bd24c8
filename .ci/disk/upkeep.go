package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// secret is what a phone writes and somebody has erased.
const secret = "HEMLIGT-ord"

// kept is a run on a mirror in which somebody looks after the town. Its moments are numbers of operations.
type kept struct {
	play
	phones                    []*phone
	secret                    string // the event that is erased
	backedUp                  int    // a backup was made
	since                     int    // the first push after it, among the marks
	erased                    int    // the command had ended
	putting, restored, settle int    // a restore was asked for, had ended; the first push after it, among the marks
}

// upkeep plays a run in which a backup is made, something is erased and the backup is put back while phones push, and then
// looks at what the disk may hold had the power gone at any moment of it: what was answered is there, what was erased is not
// in any byte once the server has run, and a backup that was there can be put back.
func (o *options) upkeep(ctx context.Context, out io.Writer) error {
	k, err := o.lookAfter(ctx)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(out, "upkeep: %d operations, a backup by %d, erased by %d, put back by %d, seed %d\n", len(k.log), k.backedUp, k.erased, k.restored, o.seed)
	return o.conclude(out, "upkeep", o.explore(ctx, func(ctx context.Context, i uint64) error { return o.keptState(ctx, k, i) }))
}

func (o *options) lookAfter(ctx context.Context) (*kept, error) {
	k := &kept{}
	return k, o.onMirror(ctx, &k.play, 3, func(s *service, m *mirror, phones []*phone) error {
		k.phones = phones
		return k.story(ctx, s, m, phones)
	})
}

// story is what happens, in order.
func (k *kept) story(ctx context.Context, s *service, m *mirror, phones []*phone) error {
	phones[0].size, phones[0].note = 1, secret
	if status, why := phones[0].push(ctx); status != 200 || len(phones[0].answered) != 1 {
		return fmt.Errorf("the secret: %d %s", status, why)
	}
	k.secret, phones[0].note = phones[0].answered[0][0], "Lugnt på torget."
	k.marks = []mark{{at: m.now(), ids: phones[0].answered[0]}}
	k.first = m.now()
	k.pushes(ctx, m, phones, 3)
	if _, err := s.command(ctx, "backup"); err != nil {
		return err
	}
	k.backedUp, k.since = m.now(), len(k.marks)
	k.pushes(ctx, m, phones, 3)
	if _, err := s.command(ctx, "erase", "--event", k.secret, "--reason", "namn", "--yes"); err != nil {
		return err
	}
	k.erased = m.now()
	k.pushes(ctx, m, phones, 3)
	backups, err := backupsOf(s.data)
	if err != nil || len(backups) != 1 {
		return fmt.Errorf("the backups are %v, %w", backups, err)
	}
	k.putting = m.now()
	if _, err := s.command(ctx, "restore", "--from", backups[0]); err != nil {
		return err
	}
	k.restored, k.settle = m.now(), len(k.marks)
	k.pushes(ctx, m, phones, 3)
	return nil
}

// answered is what must be there when the power went after n operations. A restore takes away what came after the backup;
// phones bring it again, which is shown elsewhere.
func (k *kept) answered(n int) (out []batch) {
	for i, each := range k.marks {
		takenBack := n >= k.putting && i >= k.since && i < k.settle
		if each.at <= n && !takenBack {
			out = append(out, each.ids)
		}
	}
	return out
}

func (o *options) keptState(ctx context.Context, k *kept, i uint64) (err error) {
	chance := rand.New(rand.NewPCG(o.seed, i)) //nolint:gosec // to be repeated
	n := k.first + chance.IntN(len(k.log)-k.first+1)
	folder, err := os.MkdirTemp(ramDisk, "kept-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	s := &service{binary: o.binary, data: filepath.Join(folder, "data")}
	if err := crash(k.root, k.log, n, chance).write(s.data); err != nil {
		return err
	}
	if err := k.judge(ctx, s, n, filepath.Join(folder, "new")); err != nil {
		return fmt.Errorf("state %d, the power gone after %d of %d operations: %w", i, n, len(k.log), err)
	}
	return nil
}

// judge starts the server on the folder, lets it finish what was begun, and looks at what is there then.
func (k *kept) judge(ctx context.Context, s *service, n int, elsewhere string) error {
	if err := s.start(ctx); err != nil {
		return err
	}
	defer s.kill()
	if err := s.until(ctx, "/readyz"); err != nil {
		return err
	}
	if err := s.patiently(ctx, "an erasure to be finished", func() bool {
		left, _ := filepath.Glob(filepath.Join(s.data, "*.erasing")) // a pattern of ours
		return len(left) == 0
	}); err != nil {
		return err
	}
	for _, each := range k.phones {
		known := *each // two states are judged at once
		if !known.isKnown(ctx, s) {
			return errors.New("lost: a phone that was connected is not known")
		}
	}
	s.kill()
	if err := verdict(ctx, s, k.answered(n), k.sent); err != nil {
		return err
	}
	if known, err := k.isErased(s.data); err != nil || n >= k.erased && !known {
		return errors.Join(err, errors.New("erased: the ledger does not say so"))
	} else if known {
		if err := nowhere(s.data, secret); err != nil {
			return err
		}
	}
	if n < k.backedUp {
		return nil
	}
	return restorable(ctx, s, elsewhere)
}

// isErased tells whether the ledger has the secret.
func (k *kept) isErased(data string) (bool, error) {
	ledgers, err := filepath.Glob(filepath.Join(data, "*.erased.jsonl"))
	if err != nil || len(ledgers) == 0 {
		return false, err
	}
	b, err := os.ReadFile(ledgers[0])
	return bytes.Contains(b, []byte(k.secret)), err
}

// nowhere is an error when a text stands in any file of a folder.
func nowhere(folder, text string) error {
	return filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		b, err := os.ReadFile(path)
		if bytes.Contains(b, []byte(text)) {
			err = fmt.Errorf("erased, and still in %s", path)
		}
		return err
	})
}

// restorable is an error when the newest backup cannot be put into an empty folder.
func restorable(ctx context.Context, s *service, elsewhere string) error {
	backups, err := backupsOf(s.data)
	if err != nil || len(backups) == 0 {
		return fmt.Errorf("there is no backup any more: %w", err)
	}
	there := &service{binary: s.binary, data: elsewhere}
	if _, err := there.command(ctx, "restore", "--from", backups[len(backups)-1]); err != nil {
		return fmt.Errorf("a backup that was made: %w", err)
	}
	return nil
}

// backupsOf lists the folders of backups, oldest first.
func backupsOf(data string) ([]string, error) {
	manifests, err := filepath.Glob(filepath.Join(data, "backups", "*", "manifest.json"))
	for i := range manifests {
		manifests[i] = filepath.Dir(manifests[i])
	}
	return manifests, err
}
