// Package metrics counts what a running server does, for Prometheus.
//
// It is told numbers, route templates, outcomes and the slugs of towns, and nothing else: no account, name, note,
// place, token or address can become a label, for no method here takes one. The number of series is bounded by the
// tables it is given and by the number of towns.
package metrics

import (
	"net/http"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics is what one process counts. All methods may be called concurrently.
type Metrics struct {
	registry *prometheus.Registry
	outcomes []string
	reasons  []string

	requests *prometheus.CounterVec
	took     *prometheus.HistogramVec
	streams  prometheus.Gauge
	turned   *prometheus.CounterVec

	events *prometheus.CounterVec
	batch  prometheus.Histogram

	commit, disk, updates, records prometheus.Histogram

	backup   prometheus.Gauge
	attempts *prometheus.CounterVec
}

// Tables are the words that may become labels of events; any other is counted as "other".
type Tables struct {
	Outcomes []string // of an event that was pushed
	Reasons  []string // why it was parked or refused
}

var (
	millis = []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5}
	sizes  = []float64{1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500}
)

// New begins to count. version is the program's.
func New(version string, t Tables) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(), outcomes: t.Outcomes, reasons: t.Reasons,
		requests: counters("requests_total", "Requests that were answered.", "route", "method", "status"),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: prefix + "request_seconds", Help: "How long requests took, streams left out.", Buckets: millis,
		}, []string{"route"}),
		streams:  gauge("streams_open", "Streams of pokes that are open."),
		turned:   counters("connections_turned_away_total", "Connections that were closed to keep room for others.", "why"),
		events:   counters("push_events_total", "Pushed events by how they were answered; a repeated one counts each time.", "outcome", "why"),
		batch:    histogram("push_events", "Events in a push.", sizes),
		commit:   histogram("commit_seconds", "From the first work of a commit until it was durable.", millis),
		disk:     histogram("commit_disk_seconds", "Of that: writing and waiting for the disk (fsync).", millis),
		updates:  histogram("commit_updates", "Pushes and other changes that shared a commit.", sizes),
		records:  histogram("commit_events", "Events that a commit added to the log.", sizes),
		backup:   gauge("backup_duration_seconds", "How long the last backup took, verified or not."),
		attempts: counters("backups_total", "Backups that were tried.", "outcome"),
	}
	m.registry.MustRegister(
		m.requests, m.took, m.streams, m.turned, m.events, m.batch, m.commit, m.disk, m.updates, m.records, m.backup, m.attempts,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	build := gaugeVec("build_info", "1, with the version of the program.", "version")
	build.WithLabelValues(version).Set(1)
	m.registry.MustRegister(build)
	for _, outcome := range []string{verified, failed} { // there from the start, so that the first one is an increase
		m.attempts.WithLabelValues(outcome)
	}
	return m
}

const (
	prefix           = "lofteslogg_"
	verified, failed = "verified", "failed"
	other            = "other"
)

// Handler answers GET /metrics, and nothing else.
func (m *Metrics) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 2}))
	return mux
}

// Request counts one that was answered. route and method come from tables, never from the asker.
func (m *Metrics) Request(route, method string, status int, took time.Duration) {
	m.requests.WithLabelValues(route, method, class(status)).Inc()
	m.took.WithLabelValues(route).Observe(took.Seconds())
}

func class(status int) string {
	if status < 100 || status > 599 {
		return other
	}
	return string(rune('0'+status/100)) + "xx"
}

// Stream counts a stream that opened (1) or ended (-1).
func (m *Metrics) Stream(change int) { m.streams.Add(float64(change)) }

// TurnedAway counts a connection that was closed to keep room; why is a constant of the caller's.
func (m *Metrics) TurnedAway(why string) { m.turned.WithLabelValues(why).Inc() }

// Pushed counts a push of n events.
func (m *Metrics) Pushed(n int) { m.batch.Observe(float64(n)) }

// Event counts a pushed event by how it was answered, and why.
func (m *Metrics) Event(outcome, why string) {
	m.events.WithLabelValues(among(outcome, m.outcomes), among(why, m.reasons)).Inc()
}

func among(word string, table []string) string {
	if word == "" || slices.Contains(table, word) {
		return word
	}
	return other
}

// Commit counts a durable commit.
func (m *Metrics) Commit(updates, events int, took, disk time.Duration) {
	m.commit.Observe(took.Seconds())
	m.disk.Observe(disk.Seconds())
	m.updates.Observe(float64(updates))
	m.records.Observe(float64(events))
}

// Backup counts one that was tried.
func (m *Metrics) Backup(took time.Duration, ok bool) {
	m.backup.Set(took.Seconds())
	outcome := failed
	if ok {
		outcome = verified
	}
	m.attempts.WithLabelValues(outcome).Inc()
}

func counters(name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Name: prefix + name, Help: help}, labels)
}

func gauge(name, help string) prometheus.Gauge {
	return prometheus.NewGauge(prometheus.GaugeOpts{Name: prefix + name, Help: help})
}

func gaugeVec(name, help string, labels ...string) *prometheus.GaugeVec {
	return prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: prefix + name, Help: help}, labels)
}

func histogram(name, help string, buckets []float64) prometheus.Histogram {
	return prometheus.NewHistogram(prometheus.HistogramOpts{Name: prefix + name, Help: help, Buckets: buckets})
}
