package main

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"

	"lofteslogg/internal/config"
	"lofteslogg/internal/fault"
)

// explain says what to do about the mistakes that operators meet. What is stored is as it was: files are made whole
// beside those that are there, and take their place last.
func explain(err error, c *config.Config) error {
	var f *fault.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &f) && f.Code == "data-folder-in-use":
		return fmt.Errorf("another server uses the folder %s, and nothing is changed: stop it, or choose another folder with --data", c.Data)
	}
	return advise(err)
}

// advise adds the next step to what the disk refused.
func advise(err error) error {
	switch {
	case err == nil:
		return nil
	case noRoom(err):
		return fmt.Errorf("%w. The disk is full. Nothing that was stored is changed, and nothing half made is left. Make room, or choose a folder on another disk; lofteslogg doctor says how much is free", err)
	case errors.Is(err, syscall.EROFS):
		return fmt.Errorf("%w. The disk can only be read. Nothing is changed. Mount it for writing, or choose another folder", err)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%w. The folder is another user's. Nothing is changed. Run this as the user that the server runs as, or choose another folder", err)
	}
	return err
}

// noRoom also reads the text of an error, since bbolt passes on some without wrapping them.
func noRoom(err error) bool {
	return fault.KindOf(err) == fault.Full || errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || strings.Contains(err.Error(), syscall.ENOSPC.Error())
}
