package activity_test

import (
	"testing"

	"lofteslogg/internal/activity"
	"lofteslogg/internal/event"
)

func TestTheLocalDayOfTheStartCounts(t *testing.T) {
	for _, c := range []struct{ text, minute string }{
		{"2026-11-20T23:59+01:00", "2026-11-20T23:59"},
		{"2026-11-21T00:00+01:00", "2026-11-21T00:00"},
		{"2026-11-20T23:30Z", "2026-11-21T00:30"},      // the phone was set to another zone
		{"2026-12-31T23:30Z", "2027-01-01T00:30"},      // and it decides the reporting year
		{"2026-10-25T02:30+02:00", "2026-10-25T02:30"}, // the hour that comes twice
		{"2026-10-25T02:30+01:00", "2026-10-25T02:30"},
		{"2026-03-29T03:00+02:00", "2026-03-29T03:00"}, // after the hour that is missing
		{"2026-06-06T12:00:59+02:00", "2026-06-06T12:00"},
	} {
		moment, ok := activity.ReadMoment(c.text)
		if !ok || activity.MinuteOf(moment).String() != c.minute {
			t.Errorf("%s is %v %v, want %s", c.text, activity.MinuteOf(moment), ok, c.minute)
		}
		if day := activity.MinuteOf(moment).Day(); day != activity.DayOf(moment) {
			t.Errorf("%s: the minute is on %v, the moment on %v", c.text, day, activity.DayOf(moment))
		}
	}
}

func TestARowIsOnTheDayThatThePatrolBegan(t *testing.T) {
	for _, c := range []struct {
		began string
		day   string
	}{
		{"2026-11-20T23:50+01:00", "2026-11-20"}, // and went on past midnight
		{"2026-10-24T23:50+02:00", "2026-10-24"}, // into the night of 25 hours
		{"2026-10-25T02:30+02:00", "2026-10-25"},
		{"2026-10-25T02:30+01:00", "2026-10-25"},
		{"2026-10-25T00:00+02:00", "2026-10-25"},
		{"2026-03-28T23:59+01:00", "2026-03-28"}, // into the night of 23
		{"2026-03-29T03:30+02:00", "2026-03-29"},
		{"2026-12-31T23:59+01:00", "2026-12-31"},
		{"2027-01-01T00:00+01:00", "2027-01-01"},
	} {
		s := &event.State{Birth: &event.Birth{Type: activity.TypeActivity, Kind: "foot_patrol"}}
		s.Ensure("started_at").Heads = []event.Head{{Value: event.Text(c.began)}}
		s.Ensure("minutes").Heads = []event.Head{{Value: event.Int(90)}}
		if r := activity.RowOf(s, false); r.Start.Day().String() != c.day || r.Minutes != 90 {
			t.Errorf("%s is on %s with %d minutes, want %s", c.began, r.Start.Day(), r.Minutes, c.day)
		}
	}
}

func TestWhatIsNoMomentIsNotRead(t *testing.T) {
	for _, text := range []string{"", "2026-11-20", "21.10", "2026-11-20T21:10", "2026-13-20T21:10Z", "0001-01-01T00:00Z", "9999-01-01T00:00Z"} {
		if moment, ok := activity.ReadMoment(text); ok {
			t.Errorf("%q was read as %v", text, moment)
		}
	}
}

func TestADayIsSpelledAsItWasRead(t *testing.T) {
	for _, text := range []string{"1969-12-31", "1970-01-01", "2024-02-29", "2026-11-20", "2099-12-31"} {
		if d, ok := activity.ParseDay(text); !ok || d.String() != text {
			t.Errorf("%s became %v", text, d)
		}
	}
}
