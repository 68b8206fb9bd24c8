package activity

import (
	"fmt"
	"time"
	_ "time/tzdata" // the zone must be there in a container without files
)

// Zone is the one that local days and promise years are counted in.
var Zone = mustLoad("Europe/Stockholm")

func mustLoad(name string) *time.Location {
	z, err := time.LoadLocation(name)
	if err != nil {
		panic(fmt.Sprintf("zone %s: %v", name, err))
	}
	return z
}

// Day is a local date as days since 1970-01-01.
type Day int32

// DayOf is the local date of a moment.
func DayOf(t time.Time) Day {
	y, m, d := t.In(Zone).Date()
	return Date(y, m, d)
}

// Date makes a day.
func Date(y int, m time.Month, d int) Day {
	return Day(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// ParseDay reads 2026-11-20.
func ParseDay(s string) (Day, bool) {
	t, err := time.Parse(time.DateOnly, s)
	return Date(t.Date()), err == nil
}

// Time is midnight UTC of the date, for taking it apart.
func (d Day) Time() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// String is the date as 2026-11-20.
func (d Day) String() string { return d.Time().Format(time.DateOnly) }

// Minute is a local wall-clock minute, counted from 1970-01-01T00:00 as if every day had 24 hours.
type Minute int32

// ReadMoment reads a started_at: a local time with its offset, to the minute or the second. The local day is
// Stockholm's, whatever the offset says.
func ReadMoment(s string) (time.Time, bool) {
	for _, layout := range []string{"2006-01-02T15:04Z07:00", time.RFC3339} {
		if t, err := time.Parse(layout, s); err == nil && t.Year() >= 1970 && t.Year() < 3000 {
			return t.In(Zone), true
		}
	}
	return time.Time{}, false
}

// MinuteOf is the local minute of a moment.
func MinuteOf(t time.Time) Minute {
	l := t.In(Zone)
	return Minute(DayOf(t))*1440 + Minute(l.Hour()*60+l.Minute())
}

// Day is the local day of the minute.
func (m Minute) Day() Day {
	if m < 0 {
		return Day((m - 1439) / 1440)
	}
	return Day(m / 1440)
}

// String is the local time as 2026-11-20T21:10.
func (m Minute) String() string {
	return time.Unix(int64(m)*60, 0).UTC().Format("2006-01-02T15:04")
}
