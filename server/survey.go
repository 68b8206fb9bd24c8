package main

import (
	"context"
	"syscall"
	"time"

	"lofteslogg/internal/event"
	"lofteslogg/internal/metrics"
	"lofteslogg/internal/replica"
	"lofteslogg/internal/store/boltstore"
	"lofteslogg/internal/wire"
)

// surveyLimit is how long a scrape may wait for the towns. One that is busy counts as one that cannot be read.
const surveyLimit = 3 * time.Second

func newMeter() *metrics.Metrics {
	return metrics.New(versionName(), metrics.Tables{
		Outcomes: []string{wire.ResOK, wire.ResParked, wire.ResErased, wire.ResLater, wire.ResRefused},
		Reasons:  append(replica.Reasons(), "malformed", "too-large", "town", "other-bytes", "envelope", "seal"),
	})
}

// measured has the meter told of every commit.
func measured(o boltstore.Options, m *metrics.Metrics) boltstore.Options {
	o.Committed = func(c boltstore.Commit) { m.Commit(c.Updates, c.Events, c.Took, c.Disk) }
	return o
}

// survey looks at the whole house: it costs a picture of each town, and follows what is parked and the number of phones.
func (h *house) survey(ctx context.Context, connections func() int) metrics.Survey {
	ctx, cancel := context.WithTimeout(ctx, surveyLimit)
	defer cancel()
	out := metrics.Survey{Backups: h.shelf.count(), DiskFree: freeOf(h.data), BackupFree: freeOf(h.shelf.dir, h.data), Connections: connections()}
	ids, err := h.engine.Towns(ctx)
	if err != nil {
		return out // the server stops
	}
	for _, id := range ids {
		out.Towns = append(out.Towns, h.surveyTown(ctx, id))
	}
	return out
}

func (h *house) surveyTown(ctx context.Context, id event.ID) metrics.Town {
	t := metrics.Town{ID: id.String(), Verified: h.shelf.verified(id)}
	census, err := h.replica.Census(ctx, id)
	if err != nil {
		return t
	}
	gauge := h.engine.Gauge(id)
	t.Slug, t.Readable = h.figures.Town(id).Slug, true
	t.Entries, t.Parked, t.Phones, t.Silent, t.Unsent = census.Entries, census.Parked, census.Phones, census.Silent, census.Unsent
	t.Size, t.Free, t.Waiting = gauge.Size, gauge.Free, gauge.Waiting
	return t
}

// freeOf is how many bytes the disk of the first folder that is there has free.
func freeOf(dirs ...string) uint64 {
	for _, dir := range dirs {
		var fs syscall.Statfs_t
		if err := syscall.Statfs(dir, &fs); err == nil {
			return fs.Bavail * uint64(fs.Bsize)
		}
	}
	return 0
}
