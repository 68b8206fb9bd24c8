package metrics

import (
	"regexp"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Survey is how the house is at the moment somebody asks.
type Survey struct {
	Towns       []Town
	Backups     int    // that can be restored from
	DiskFree    uint64 // bytes, where the towns are
	BackupFree  uint64 // bytes, where the backups are
	Connections int    // that are open
}

// Town is how one of them is.
type Town struct {
	Slug, ID string // the id stands for a slug that is none, or another town's too
	Readable bool
	Entries  int
	Parked   map[string]int // by reason
	Phones   int
	Silent   int
	Unsent   int64
	Size     int64 // bytes of the file
	Free     int64 // of them that hold nothing
	Waiting  int   // changes that wait for their turn

	Verified time.Time // the newest verified backup; zero for none
}

// Watch has look asked for a survey at each scrape.
func (m *Metrics) Watch(look func() Survey) { m.registry.MustRegister(&surveyor{look}) }

type surveyor struct{ look func() Survey }

func desc(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc(prefix+name, help, labels, nil)
}

var (
	readable    = desc("town_readable", "1 when the town can be read, else 0.", "town")
	entries     = desc("town_entries", "Entries.", "town")
	parked      = desc("town_parked_events", "Events that are parked, by reason.", "town", "why")
	phones      = desc("town_installations", "Installations that ever pushed.", "town")
	silent      = desc("town_installations_silent", "Installations of field workers that were not heard from for a week.", "town")
	unsent      = desc("town_unsent_events", "Events that phones said to have unsent when they last pushed.", "town")
	size        = desc("town_file_bytes", "Size of the town's file.", "town")
	vacant      = desc("town_file_free_bytes", "Of that: pages that hold nothing and are used before it grows.", "town")
	queued      = desc("town_updates_waiting", "Changes that wait for their turn to be written.", "town")
	backedUp    = desc("town_backup_verified_timestamp_seconds", "When the newest verified backup was made; 0 for none.", "town")
	backups     = desc("backups", "Backups that the server keeps.")
	diskFree    = desc("disk_free_bytes", "Free on the disk of the data folder, or of the backups.", "of")
	connections = desc("connections_open", "Connections that are open.")
)

// Describe says what Collect gives.
func (*surveyor) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{readable, entries, parked, phones, silent, unsent, size, vacant, queued, backedUp, backups, diskFree, connections} {
		to <- d
	}
}

// Collect looks once.
func (s *surveyor) Collect(to chan<- prometheus.Metric) {
	give := func(d *prometheus.Desc, v float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	seen := s.look()
	names := map[string]bool{}
	for i := range seen.Towns {
		give := func(d *prometheus.Desc, v float64, labels ...string) {
			give(d, v, append([]string{seen.Towns[i].label(names)}, labels...)...)
		}
		seen.Towns[i].collect(give)
		names[seen.Towns[i].Slug] = true
	}
	give(backups, float64(seen.Backups))
	give(diskFree, float64(seen.DiskFree), "data")
	give(diskFree, float64(seen.BackupFree), "backups")
	give(connections, float64(seen.Connections))
}

func (t *Town) collect(give func(d *prometheus.Desc, v float64, labels ...string)) {
	give(backedUp, stamp(t.Verified))
	if !t.Readable {
		give(readable, 0)
		return
	}
	give(readable, 1)
	give(entries, float64(t.Entries))
	for why, n := range t.Parked {
		give(parked, float64(n), why)
	}
	give(phones, float64(t.Phones))
	give(silent, float64(t.Silent))
	give(unsent, float64(t.Unsent))
	give(size, float64(t.Size))
	give(vacant, float64(t.Free))
	give(queued, float64(t.Waiting))
}

func stamp(at time.Time) float64 {
	if at.IsZero() {
		return 0
	}
	return float64(at.Unix())
}

var slug = regexp.MustCompile(`^[a-z0-9-]{1,40}$`)

// label is the slug, since that is the name of a municipality. What is written there is people's to choose, so what
// does not look like one is not shown.
func (t *Town) label(taken map[string]bool) string {
	if slug.MatchString(t.Slug) && !taken[t.Slug] {
		return t.Slug
	}
	return t.ID
}
