package sample_test

import (
	"testing"
	"time"

	"lofteslogg/internal/event"
	"lofteslogg/internal/sample"
)

// all are the first events of the entries of a plan, by the time they were written.
func all(t *testing.T, plan sample.Plan) (entries []*event.Event, others int) {
	t.Helper()
	town := sample.New(plan)
	if _, err := town.Founding(); err != nil {
		t.Fatal(err)
	}
	var last time.Time
	err := town.Each(func(b sample.Batch) error {
		if b.At.Before(last.Add(-24*time.Hour)) || len(b.Events) == 0 || len(b.Events) > 500 {
			t.Errorf("a batch of %d at %v, after %v", len(b.Events), b.At, last)
		}
		last = b.At
		for _, e := range b.Events {
			if _, err := event.Decode(e.Append(nil)); err != nil {
				t.Fatal(err)
			}
			if e.New != nil {
				entries = append(entries, e)
			} else {
				others++
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return entries, others
}

func TestAPlanHasItsEntriesAndItsPeaks(t *testing.T) {
	entries, others := all(t, sample.Plan{Name: "Löftby", Slug: "loftby", Entries: 3000, Seed: 3, Until: time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)})
	if len(entries) != 3000 || others < 80 || others > 300 {
		t.Errorf("%d entries, %d corrections and retractions", len(entries), others)
	}
	weekend := 0
	for _, e := range entries {
		if d := e.HLC.Time().Add(-6 * time.Hour).Weekday(); d == time.Friday || d == time.Saturday {
			weekend++
		}
	}
	if weekend < 1200 || weekend > 2400 {
		t.Errorf("%d of 3000 at the end of the week", weekend)
	}
}
