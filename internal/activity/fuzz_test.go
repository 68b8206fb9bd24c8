package activity_test

import (
	"bytes"
	"testing"

	"lofteslogg/internal/activity"
	"lofteslogg/internal/event"
)

func FuzzReadRow(f *testing.F) {
	r := activity.Row{Entity: event.MustID("01930000-0000-7000-8000-000000000001"), Kind: "foot_patrol", Start: 5, Minutes: 40, Number: 1, Parties: []string{"police", ""}}
	f.Add(r.Append(nil))
	f.Fuzz(func(t *testing.T, b []byte) {
		row, err := activity.ReadRow(b)
		if err != nil {
			return
		}
		once := row.Append(nil)
		again, err := activity.ReadRow(once)
		if err != nil || !bytes.Equal(again.Append(nil), once) {
			t.Errorf("%x reads as %+v, and that as %+v (%v)", b, row, again, err)
		}
	})
}

func FuzzReadMoment(f *testing.F) {
	for _, s := range []string{"2026-11-20T21:10+01:00", "2026-10-25T02:30:00+02:00", "1969-12-31T23:59Z", "2999-12-31T23:59-23:59"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if at, ok := activity.ReadMoment(s); ok {
			if m := activity.MinuteOf(at); m.Day() != activity.DayOf(at) {
				t.Errorf("%q: minute %v is of day %v, not %v", s, m, m.Day(), activity.DayOf(at))
			}
		}
	})
}
