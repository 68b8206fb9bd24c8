package main

import (
	"context"
	"fmt"
	"log/slog"
	"slices"

	"lofteslogg/internal/carbon"
	"lofteslogg/internal/event"
	"lofteslogg/internal/replica"
	"lofteslogg/internal/wire"
)

// bringAll has every town take in what its desks wrote and it lacks, as after a file was put in its place by hand.
func (h *house) bringAll(ctx context.Context, log *slog.Logger) {
	for _, town := range h.replica.Towns() {
		n, err := h.bring(ctx, town)
		if err != nil {
			log.ErrorContext(ctx, "what desks wrote and the town lacks is not in it yet", "town", town, "err", err)
		} else if n > 0 {
			log.WarnContext(ctx, "the town lacked what desks had written, and has it again", "town", town, "events", n)
		}
	}
}

// bring has a town take in what its desks wrote and it lacks, and tells how many events that was. What cannot be read of the
// copies is an error when the rest is in.
func (h *house) bring(ctx context.Context, town event.ID) (n int, err error) {
	lines, damaged, err := h.copies.Lines(town)
	if err != nil {
		return 0, err
	}
	lines, err = h.lacking(ctx, town, lines)
	for len(lines) > 0 && err == nil {
		same := alike(lines)
		err = h.pushAgain(ctx, town, lines[:same])
		lines, n = lines[same:], n+same
	}
	if err == nil && damaged > 0 {
		err = fmt.Errorf("%d lines of %s cannot be read", damaged, carbon.Path(h.data, town))
	}
	return n, err
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
		if err := h.copies.Strike(town, func(e *event.Event) bool { return slices.Contains(gone, e.ID) }); err != nil {
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
