package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"lofteslogg/internal/carbon"
	"lofteslogg/internal/config"
	"lofteslogg/internal/fault"
	"lofteslogg/internal/ledger"
	"lofteslogg/internal/replica/replay"
	"lofteslogg/internal/store"
)

type doctorCmd struct {
	JSON bool `name:"json" help:"Say it as JSON."`
}

// Run says how the house is, and ends with an error when something needs a person.
func (cmd *doctorCmd) Run(ctx context.Context, o *outside, c *config.Config, p *policy) error {
	d, err := examine(ctx, o, c, p)
	if err != nil {
		return err
	}
	if cmd.JSON {
		err = json.NewEncoder(o.stdout).Encode(d)
	} else {
		_, err = io.WriteString(o.stdout, d.String())
	}
	if err == nil && len(d.Needs) > 0 {
		err = fmt.Errorf("%d things need a person", len(d.Needs))
	}
	return err
}

// Health tells how every town is, those that cannot be read too.
func (h *house) Health(ctx context.Context) ([]townHealth, error) {
	ids, err := h.engine.Towns(ctx)
	if err != nil {
		return nil, err
	}
	out := []townHealth{}
	for _, id := range ids {
		known := h.figures.Town(id)
		t := townHealth{ID: id, Slug: known.Slug, Name: known.Name, File: fileOf(h.data, id)}
		if broken, is := h.replica.Broken()[id]; is {
			t.Problem = broken.Error()
		} else if err := h.health(ctx, &t); err != nil {
			t.Problem = err.Error()
		}
		h.ledgerHealth(&t)
		h.copiesHealth(&t)
		out = append(out, t)
	}
	return out, nil
}

// ledgerHealth tells of an erasure that waits, and of a ledger that cannot be believed.
func (h *house) ledgerHealth(t *townHealth) {
	lines, err := ledger.Read(ledgerIn(h.data, t.ID))
	t.Erased = len(lines)
	switch {
	case err != nil:
		t.Ledger = err.Error() + ": put the one of the newest backup in its place; until then nothing is erased or restored"
	case h.unfinished(t.ID):
		t.Ledger = "something that is erased is not gone from every file yet: start the server, or look for \"erasure\" in its log"
	}
}

// copiesHealth tells of copies that a restore could not bring.
func (h *house) copiesHealth(t *townHealth) {
	switch _, damaged, err := h.copies.Lines(t.ID); {
	case err != nil:
		t.Copies = err.Error()
	case damaged > 0:
		t.Copies = fmt.Sprintf("%d lines of %s cannot be read: the town has what they say as long as its file is whole, so make a backup and move the file away", damaged, carbon.Path(h.data, t.ID))
	}
}

func (h *house) health(ctx context.Context, t *townHealth) error {
	standing, err := h.replica.Standing(ctx, t.ID, 0)
	if err != nil {
		return err
	}
	if err := h.replica.Filled(ctx, t.ID); err != nil {
		return err
	}
	table, err := h.replica.Table(t.ID)
	if err != nil {
		return err
	}
	t.Seq, t.Silent, t.Entries = standing.Head.Seq, standing.Silent, table.Len()
	return h.engine.View(ctx, t.ID, func(tx store.Tx) error {
		head, _, err := replay.ReadHead(tx)
		t.High = head.High.Millis()
		return err
	})
}

// examine gathers what there is to know. A folder that cannot be opened at all is an error that says why.
func examine(ctx context.Context, o *outside, c *config.Config, p *policy) (*diagnosis, error) {
	if err := founded(c); err != nil {
		return nil, err
	}
	d := &diagnosis{Version: versionName(), Needs: []string{}, Notes: []string{}}
	var err error
	if d.Data, err = filepath.Abs(c.Data); err != nil {
		return nil, err
	}
	now := o.clock.Now()
	d.lookAtFolder(now)
	_, d.Running = dial(ctx, c.Data)
	d.lookAtDoors(ctx, c)
	err = tend(ctx, o, c, p, func(k custodian) (err error) {
		d.Towns, err = k.Health(ctx)
		return err
	})
	var f *fault.Error
	if errors.As(err, &f) && f.Code == "data-folder-in-use" {
		d.need("A server has the folder and does not answer the command line: wait, or look whether it hangs, and start it anew.")
		err = nil
	}
	if err != nil {
		return nil, err
	}
	for i := range d.Towns {
		d.judgeTown(&d.Towns[i], now)
	}
	if err := d.judgeBackups(c, p, now); err != nil {
		return nil, err
	}
	d.judgeRoom()
	return d, nil
}
