package main

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"

	"lofteslogg/internal/carbon"
	"lofteslogg/internal/event"
	"lofteslogg/internal/replica"
	"lofteslogg/internal/wire"
)

// bringAll has every town take in what its desks wrote and it lacks, as after a file was put in its place by hand.
func (h *house) bringAll(ctx context.Context, log *slog.Logger) {
	for _, town := range h.replica.Towns() {
		h.bringAndTell(ctx, town, log)
	}
}

func (h *house) bringAndTell(ctx context.Context, town event.ID, log *slog.Logger) {
	n, err := h.bring(ctx, town)
	if err != nil {
		log.ErrorContext(ctx, "what desks wrote and the town lacks is not in it yet", "town", town, "err", err)
	} else if n > 0 {
		log.WarnContext(ctx, "the town lacked what desks had written, and has it again", "town", town, "events", n)
	}
}

// keepBringing tries again every minute where it did not succeed, until ctx ends.
func (h *house) keepBringing(ctx context.Context, log *slog.Logger) {
	everyMinute(ctx, func() { h.bringOwed(ctx, log) })
}

func (h *house) bringOwed(ctx context.Context, log *slog.Logger) {
	h.shelf.making.Lock() // no other file takes a town's place meanwhile
	defer h.shelf.making.Unlock()
	for _, town := range h.owing.list() {
		h.bringAndTell(ctx, town, log)
	}
}

// bring has a town take in what its desks wrote and it lacks, and tells how many events that was. What cannot be read of the
// copies is an error when the rest is in.
func (h *house) bring(ctx context.Context, town event.ID) (n int, err error) {
	n, damaged, err := h.bringLines(ctx, town)
	h.owing.note(town, err != nil)
	if err == nil && damaged > 0 {
		err = fmt.Errorf("%d lines of %s cannot be read", damaged, carbon.Path(h.data, town))
	}
	return n, err
}

func (h *house) bringLines(ctx context.Context, town event.ID) (n, damaged int, err error) {
	lines, damaged, err := h.copies.Lines(town)
	if err != nil {
		return 0, 0, err
	}
	lines, err = h.lacking(ctx, town, lines)
	for len(lines) > 0 && err == nil {
		same := alike(lines)
		if err = h.pushAgain(ctx, town, lines[:same]); err == nil {
			lines, n = lines[same:], n+same
		}
	}
	return n, damaged, err
}

// owing are the towns that lack what desks wrote, since having them take it in did not succeed. Safe for concurrent use.
type owing struct {
	mu    sync.Mutex
	towns []event.ID
}

func (o *owing) note(town event.ID, lacks bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.towns = slices.DeleteFunc(o.towns, func(t event.ID) bool { return t == town })
	if lacks {
		o.towns = append(o.towns, town)
	}
}

func (o *owing) list() []event.ID {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.towns)
}

// lacking leaves the lines of events that the town has never had, and strikes those of events that are erased in it.
func (h *house) lacking(ctx context.Context, town event.ID, lines []carbon.Line) (left []carbon.Line, err error) {
	by := map[event.ID]int{}
	ids := make([]event.ID, 0, len(lines))
	for i, line := range lines {
		e, err := event.Decode([]byte(line.Event))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", carbon.Path(h.data, town), err)
		}
		by[e.ID] = i
		ids = append(ids, e.ID)
	}
	ids, gone, err := h.replica.Unknown(ctx, town, ids)
	if err != nil {
		return nil, err
	}
	if len(gone) > 0 { // a stop came between the town and its copies
		if err := h.copies.Purge(town, func(e *event.Event) bool { return slices.Contains(gone, e.ID) }); err != nil {
			return nil, err
		}
	}
	for _, id := range ids {
		left = append(left, lines[by[id]])
	}
	return left, nil
}

// alike is how many of the first lines are from one desk, and go into one batch.
func alike(lines []carbon.Line) int {
	n := 1
	for n < len(lines) && n < wire.MaxEvents && lines[n].Account == lines[0].Account && lines[n].Inc == lines[0].Inc {
		n++
	}
	return n
}

func (h *house) pushAgain(ctx context.Context, town event.ID, lines []carbon.Line) error {
	from := lines[0]
	req := &wire.PushRequest{P: 1, Town: town, Inc: from.Inc, Wall: h.outside.clock.Now().UnixMilli(), App: "server"}
	for _, line := range lines {
		e, err := event.Decode([]byte(line.Event))
		if err != nil {
			return err
		}
		req.Events = append(req.Events, wire.PushItem{ID: e.ID.String(), Inc: e.Inc.String(), N: int64(e.N), Seal: "none", Ev: line.Event, Again: true})
	}
	_, err := h.replica.Push(ctx, replica.Caller{Town: town, Account: from.Account}, req)
	return err
}
