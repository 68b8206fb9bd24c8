package metrics_test

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"lofteslogg/internal/metrics"
)

func scrape(t *testing.T, m *metrics.Metrics) string {
	t.Helper()
	rec := httptest.NewRecorder()
	m.Handler().ServeHTTP(rec, httptest.NewRequestWithContext(t.Context(), "GET", "/metrics", nil))
	if rec.Code != 200 {
		t.Fatalf("%d: %s", rec.Code, rec.Body)
	}
	return rec.Body.String()
}

func wants(t *testing.T, text string, lines ...string) {
	t.Helper()
	for _, line := range lines {
		if !strings.Contains(text, "\n"+line+"\n") {
			t.Errorf("no line %q", line)
		}
	}
}

func TestWordsOfNoTableAreOneLabel(t *testing.T) {
	m := metrics.New("v1", metrics.Tables{Outcomes: []string{"ok", "parked"}, Reasons: []string{"right"}})
	m.Event("ok", "")
	m.Event("parked", "right")
	for _, odd := range []string{"Kim Andersson", "59.84,13.54", "x"} {
		m.Event(odd, odd)
	}
	m.Request("/api/v1/me", "GET", 0, time.Millisecond)
	got := scrape(t, m)
	wants(
		t, got, `lofteslogg_push_events_total{outcome="ok",why=""} 1`, `lofteslogg_push_events_total{outcome="parked",why="right"} 1`,
		`lofteslogg_push_events_total{outcome="other",why="other"} 3`, `lofteslogg_requests_total{method="GET",route="/api/v1/me",status="other"} 1`,
		`lofteslogg_build_info{version="v1"} 1`,
	)
	if strings.Contains(got, "Kim") {
		t.Error("a name came through")
	}
}

func TestATownIsCalledByItsIDWhenItsSlugIsNoneOrTaken(t *testing.T) {
	m := metrics.New("v1", metrics.Tables{})
	m.Watch(func() metrics.Survey {
		return metrics.Survey{Towns: []metrics.Town{
			{Slug: "munkfors", ID: "id-1", Readable: true, Entries: 7, Parked: map[string]int{"right": 2}, Verified: time.Unix(5, 0)},
			{Slug: "munkfors", ID: "id-2", Readable: true},
			{Slug: "Kim Andersson", ID: "id-3"},
		}}
	})
	got := scrape(t, m)
	wants(
		t, got, `lofteslogg_town_entries{town="munkfors"} 7`, `lofteslogg_town_entries{town="id-2"} 0`, `lofteslogg_town_readable{town="id-3"} 0`,
		`lofteslogg_town_parked_events{town="munkfors",why="right"} 2`, `lofteslogg_town_backup_verified_timestamp_seconds{town="munkfors"} 5`,
	)
	if strings.Contains(got, "Kim") || strings.Contains(got, `lofteslogg_town_entries{town="id-3"}`) {
		t.Error("a town that cannot be read has figures, or a slug that is none came through")
	}
}

func TestTheFirstFailureIsAnIncrease(t *testing.T) {
	m := metrics.New("v1", metrics.Tables{})
	wants(t, scrape(t, m), `lofteslogg_backups_total{outcome="failed"} 0`)
	m.Backup(2*time.Second, false)
	m.Backup(3*time.Second, true)
	wants(t, scrape(t, m), `lofteslogg_backups_total{outcome="failed"} 1`, `lofteslogg_backups_total{outcome="verified"} 1`, `lofteslogg_backup_duration_seconds 3`)
}

func TestACommitIsCountedByWhoSharedItAndWhatItAdded(t *testing.T) {
	m := metrics.New("v1", metrics.Tables{})
	m.Commit(3, 60, 4*time.Millisecond, 3*time.Millisecond)
	wants(
		t, scrape(t, m), `lofteslogg_commit_updates_sum 3`, `lofteslogg_commit_events_sum 60`, `lofteslogg_commit_seconds_bucket{le="0.005"} 1`,
		`lofteslogg_commit_disk_seconds_bucket{le="0.0025"} 0`,
	)
}

func TestNothingButMetricsIsAnswered(t *testing.T) {
	m := metrics.New("v1", metrics.Tables{})
	for target, want := range map[string]int{"GET /": 404, "POST /metrics": 405, "GET /metrics/x": 404, "GET /debug/pprof/": 404} {
		method, path, _ := strings.Cut(target, " ")
		rec := httptest.NewRecorder()
		m.Handler().ServeHTTP(rec, httptest.NewRequestWithContext(t.Context(), method, path, nil))
		if rec.Code != want {
			t.Errorf("%s: %d", target, rec.Code)
		}
	}
}
