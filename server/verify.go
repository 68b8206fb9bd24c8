package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"lofteslogg/internal/config"
	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
	"lofteslogg/internal/ledger"
	"lofteslogg/internal/replica/replay"
	"lofteslogg/internal/store"
	"lofteslogg/internal/store/boltstore"
)

type verifyCmd struct {
	Town string `help:"Slug or id of the town; may be left out when there is one." placeholder:"SLUG"`
	File string `help:"A file that no server has open, such as one of a backup, instead of the running town." placeholder:"FILE"`
}

// Run verifies a copy of the town, or a file.
func (cmd *verifyCmd) Run(ctx context.Context, o *outside, c *config.Config, p *policy) error {
	if cmd.File != "" {
		id, err := townOfFile(cmd.File, cmd.Town)
		if err != nil {
			return err
		}
		return verify(ctx, o, cmd.File, cmd.File, id, nil)
	}
	return tend(ctx, o, c, p, func(k custodian) (err error) {
		hot, err := k.Copy(ctx, cmd.Town)
		if err != nil {
			return err
		}
		defer removeInto(&err, filepath.Dir(hot.Path))
		return verify(ctx, o, hot.Town.Slug, hot.Path, hot.Town.ID, func(r *replay.Report) error {
			return compareLedger(c.Data, hot.Path, hot.Town.ID, r)
		})
	})
}

// compareLedger compares a copy of a town with the ledger. While something is being erased one may be ahead of the other.
func compareLedger(data, path string, town event.ID, r *replay.Report) error {
	lines, err := ledger.Read(ledgerIn(data, town))
	if err != nil {
		r.Differ("%v", err)
		return nil
	}
	if _, err := os.Lstat(underWay(data, town)); err == nil {
		r.Differ("ledger: something is being erased, or was broken off: the running server, or the next start, finishes it")
		return nil
	}
	gone, err := goneOf(lines)
	if err != nil {
		return err
	}
	list := make([]replay.Gone, len(gone))
	for i, g := range gone {
		list[i] = replay.Gone(g)
	}
	return boltstore.Inspect(path, func(tx store.Tx) error {
		r.CheckGone(tx, list)
		return nil
	})
}

// townOfFile is the town that a file is named for, unless it is said which town it is.
func townOfFile(path, town string) (event.ID, error) {
	if town == "" {
		town, _, _ = strings.Cut(filepath.Base(path), ".")
	}
	id, err := event.ParseID(town)
	if err != nil {
		return id, fmt.Errorf("whose file is %s? its name is no town's id: say the id with --town", path)
	}
	return id, nil
}

// verify checks a file, and when it is sound does what is more to compare, and says what was found; differences are an error.
func verify(ctx context.Context, o *outside, name, path string, town event.ID, more func(*replay.Report) error) error {
	report, err := inspect(ctx, path, town)
	if err == nil && report.OK() && more != nil {
		err = more(&report.Report)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %d events, %d entities, %d rows, %d parked; head %d %s\n", name, report.Events, report.Entities, report.Rows, report.Parked, report.Head.Seq, report.Head.Chain)
	for _, d := range report.Differences {
		fmt.Fprintf(&b, "  %s\n", d)
	}
	if report.Untold > 0 {
		fmt.Fprintf(&b, "  and %d more\n", report.Untold)
	}
	if report.OK() {
		b.WriteString("  all that is stored follows from the log\n")
	}
	if report.Short {
		b.WriteString("  the newest commit may be missing: one of the two first pages is torn or old. The phones that sent it are asked for it when they next call\n")
	}
	if _, err := io.WriteString(o.stdout, b.String()); err != nil {
		return err
	}
	return report.problem()
}

// found is what a check of a file found.
type found struct {
	replay.Report
	Page string `json:"page,omitempty"` // why the file could not be read at all
	Code string `json:"code,omitempty"` // of that error
	// Short is set when the newest commit may be missing; what is there is whole.
	Short bool `json:"short,omitempty"`
}

func (f *found) problem() error {
	if f.OK() {
		return nil
	}
	return fmt.Errorf("%d differences between what is stored and what the log says, the first: %s", len(f.Differences)+f.Untold, f.Differences[0])
}

// The time that a check may take: a torn file can keep its reader busy for ever.
const (
	checkLimit      = time.Minute
	checkLimitPerMB = 3 * time.Second
)

// inspect has a process of its own check a town's file: reading a file that was cut short can end the process that
// reads it. The error says why the file is no town's; differences are in what was found.
func inspect(ctx context.Context, path string, town event.ID) (*found, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, checkLimit+time.Duration(info.Size()>>20)*checkLimitPerMB)
	defer cancel()
	var out, said bytes.Buffer
	cmd := exec.CommandContext(ctx, self, "check-file", path, "--town", town.String()) //nolint:gosec // it is this program
	cmd.Stdout, cmd.Stderr = &out, &said
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return nil, fmt.Errorf("the check did not come to an end: %w", ctx.Err())
		}
		return nil, fmt.Errorf("the file is torn: its check ended with %w", err)
	}
	f := &found{}
	if err := json.Unmarshal(out.Bytes(), f); err != nil {
		return nil, fmt.Errorf("the check said nothing that can be read: %w", err)
	}
	switch {
	case f.Code == newerFile:
		return nil, fault.New(fault.Conflict, newerFile, "%s", f.Page)
	case f.Code == inUse:
		return nil, fault.New(fault.Busy, inUse, "%s, by a running server or command: its town is verified beside it with verify --town, and this says nothing of what is in it", f.Page)
	case f.Page != "":
		return nil, fmt.Errorf("the file is torn: %s", f.Page)
	}
	return f, nil
}

// newerFile is the code for what a later version of the program wrote.
const newerFile = "newer-file"

// inUse is the code for a file that somebody has open.
const inUse = "file-in-use"

type checkFileCmd struct {
	File string `arg:""`
	Town string `required:""`
}

// Run checks a file and says what it found as JSON. It is kind to a server beside it.
func (cmd *checkFileCmd) Run(o *outside) error {
	_ = syscall.Setpriority(syscall.PRIO_PROCESS, 0, 10) // where that is not allowed it is only less kind
	town, err := event.ParseID(cmd.Town)
	if err != nil {
		return err
	}
	var f found
	inRow, err := boltstore.InRow(cmd.File)
	if err != nil {
		return err
	}
	f.Short = !inRow
	err = boltstore.Inspect(cmd.File, func(tx store.Tx) error {
		f.Report = *replay.Check(tx, town)
		return nil
	})
	if err != nil {
		f.Page = err.Error()
		var coded *fault.Error
		if errors.As(err, &coded) {
			f.Code = coded.Code
		}
	}
	return json.NewEncoder(o.stdout).Encode(&f)
}
