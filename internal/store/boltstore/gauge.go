package boltstore

import (
	"os"
	"time"

	"lofteslogg/internal/clock"
	"lofteslogg/internal/event"
	"lofteslogg/internal/store"
)

// Commit is what one durable commit was, for whoever measures.
type Commit struct {
	Updates int           // calls of Update that shared it
	Events  int           // records that it added to the log
	Took    time.Duration // from the first of its work until it was durable
	Disk    time.Duration // of that: writing pages and waiting for the disk
}

// Gauge is how large a town's file is now, and what waits for it.
type Gauge struct {
	Size    int64 // bytes of the file
	Free    int64 // bytes of it that hold nothing any more, and are used before it grows
	Waiting int   // calls of Update that have not had their turn
}

// Gauge reads a town's gauge. Of a town that cannot be read it is zero. It waits for nobody.
func (e *Engine) Gauge(id event.ID) Gauge {
	t, err := e.town(id)
	if err != nil || t.db == nil || t.lost.Load() != nil {
		return Gauge{}
	}
	stats := t.db.Stats()
	return Gauge{Size: fileSize(t.path), Free: int64(stats.FreeAlloc), Waiting: t.queue.length()}
}

// eventSpace is where the log's records are put.
var eventSpace = spaceOf(store.Events)

// measured tells of a commit that is durable.
func (t *town) measured(s *session) {
	if t.opts.Committed == nil {
		return
	}
	stats := s.tx.Stats()
	t.opts.Committed(Commit{Updates: len(t.batch), Events: s.events, Took: clock.Wall{}.Now().Sub(s.began), Disk: stats.GetWriteTime()})
}

func fileSize(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}
