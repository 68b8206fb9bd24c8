package main

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"lofteslogg/internal/config"
)

// lookAtFolder comes before anything opens the folder, for opening mends its mode.
func (d *diagnosis) lookAtFolder(now time.Time) {
	info, err := os.Stat(d.Data)
	if err == nil && info.Mode().Perm()&0o077 != 0 {
		d.need("Others than the owner can enter %s (mode %o): chmod 700 it.", d.Data, info.Mode().Perm())
	}
	if err == nil {
		d.lookAtFiles(ownerOf(info), now)
	}
	d.Access = sizeOf(filepath.Join(d.Data, accessName))
	if d.Free = freeOf(d.Data); d.Free < leastFree {
		d.need("The disk has %s free: make room.", bytesText(int64(d.Free)))
	}
}

// lookAtFiles tells of files that the server cannot use, and of those from a time that is to come.
func (d *diagnosis) lookAtFiles(owner uint32, now time.Time) {
	list, err := os.ReadDir(d.Data)
	if err != nil {
		d.need("%s cannot be read: %v.", d.Data, err)
		return
	}
	var newest fs.FileInfo
	for _, f := range list {
		info, err := f.Info()
		if err != nil {
			continue // it has gone meanwhile
		}
		if ownerOf(info) != owner {
			d.need("%s belongs to another user than its folder: chown it, or the server may not be able to open it.", filepath.Join(d.Data, f.Name()))
		}
		if info.Mode().IsRegular() && info.Mode().Perm()&0o077 != 0 {
			d.need("Others than the owner can read %s (mode %o): chmod 600 it.", filepath.Join(d.Data, f.Name()), info.Mode().Perm())
		}
		if newest == nil || info.ModTime().After(newest.ModTime()) {
			newest = info
		}
	}
	if newest != nil && newest.ModTime().Sub(now) > mostAhead {
		d.need("%s was written at %s, and this machine's clock says %s: set the clock.", newest.Name(), newest.ModTime().Format(time.RFC3339), now.Format(time.RFC3339))
	}
}

func ownerOf(info fs.FileInfo) uint32 {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return s.Uid
	}
	return 0
}

// lookAtDoors tells, where no server runs, whether one could.
func (d *diagnosis) lookAtDoors(ctx context.Context, c *config.Config) {
	if d.Running {
		return
	}
	if _, err := os.Lstat(socketIn(c.Data)); err == nil {
		d.note("%s is left from a server that ended in a hurry; the next start removes it.", socketName)
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", c.Addr)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		d.need("Something else listens at %s: stop it, or choose another address with --addr.", c.Addr)
	case err != nil:
		d.need("A server could not listen at %s: %s.", c.Addr, strings.TrimSuffix(err.Error(), "."))
	default:
		_ = l.Close() // it was only to see
	}
}

// judgeRoom compares the disk of the backups with what the next one takes, and tells whether one disk has it all.
func (d *diagnosis) judgeRoom() {
	d.Backups.Next = d.Access
	for _, t := range d.Towns {
		d.Backups.Next += occupied(t.File)
	}
	at := d.Backups.Dir
	if _, err := os.Stat(at); err != nil {
		at = d.Data
	}
	if d.Backups.Free = freeOf(at, d.Data); d.Backups.Free < 2*uint64(max(0, d.Backups.Next)) {
		d.need("The next backup takes about %s, and its disk has %s free: make room, or keep fewer with --backup-keep.", bytesText(d.Backups.Next), bytesText(int64(d.Backups.Free)))
	}
	if deviceOf(at) == deviceOf(d.Data) {
		d.note("The backups are on the same disk as the towns: have them carried to another machine.")
	}
}

func deviceOf(path string) uint64 {
	var s syscall.Stat_t
	if err := syscall.Stat(path, &s); err != nil {
		return 0
	}
	return uint64(s.Dev)
}

// occupied is what a file takes of its disk: a town's has room at its end that a copy leaves out.
func occupied(path string) int64 {
	var s syscall.Stat_t
	if err := syscall.Stat(path, &s); err != nil {
		return 0
	}
	return min(s.Size, s.Blocks*512)
}
