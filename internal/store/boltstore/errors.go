package boltstore

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"

	berrors "go.etcd.io/bbolt/errors"

	"lofteslogg/internal/fault"
	"lofteslogg/internal/store"
)

var (
	errClosing = fault.New(fault.Busy, "closing", "the store is closing")
	errReading = fault.New(fault.Busy, "read-only", "the data folder can only be read")
	errBroken  = fault.New(fault.Busy, "broken", "an earlier commit failed; the town must be opened anew")
)

func busy(err error) error {
	return fault.New(fault.Busy, "", "gave up before its turn: %w", err)
}

func full(err error) error {
	return fault.New(fault.Full, "", "nothing was stored: %w", err)
}

func damaged(format string, args ...any) error {
	return fault.New(fault.Internal, "damaged", "%s: %w", fmt.Sprintf(format, args...), store.ErrDamaged)
}

// also is err, with what went wrong in cleaning up after it, if anything.
func also(err, cleanup error) error {
	if cleanup == nil {
		return err
	}
	return errors.Join(err, cleanup)
}

// catch turns a panic of bbolt's, or of reading outside the file, into damage. It is to be deferred.
func catch(doing string, err *error) {
	if p := recover(); p != nil {
		*err = damaged("%s (%v)", doing, p)
	}
}

// holding is the options with which what bbolt opens can be let go of.
func (o *Options) holding(file **os.File) *Options {
	open := o.OpenFile
	if open == nil {
		open = os.OpenFile
	}
	with := *o
	with.OpenFile = func(name string, flag int, mode os.FileMode) (f *os.File, err error) {
		f, err = open(name, flag, mode)
		*file = f
		return f, err
	}
	return &with
}

// letGo is catch where a file was opened: a panic may have left bbolt with its own locks, so that it can never be asked to
// close. The lock on the file would keep everybody out, and outlives its closing for as long as bbolt has it mapped. It is to
// be deferred.
func letGo(doing string, err *error, files ...**os.File) {
	p := recover()
	if p == nil {
		return
	}
	*err = damaged("%s (%v)", doing, p)
	for _, f := range files {
		if *f != nil {
			*err = also(*err, errors.Join(syscall.Flock(int((*f).Fd()), syscall.LOCK_UN), (*f).Close()))
		}
	}
}

// isFull also reads the text of an error, since bbolt passes on some without wrapping them.
func isFull(err error) bool {
	return errors.Is(err, berrors.ErrMaxSizeReached) || errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) ||
		strings.Contains(err.Error(), syscall.ENOSPC.Error()) || strings.Contains(err.Error(), syscall.EDQUOT.Error())
}

// classify gives an error from opening or making a file its kind.
func classify(err error) error {
	switch {
	case isFull(err):
		return full(err)
	case errors.Is(err, syscall.EROFS):
		return errReading
	}
	return err
}
