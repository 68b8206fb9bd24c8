package report

import (
	"time"

	"lofteslogg/internal/activity"
	"lofteslogg/internal/pledge"
	"lofteslogg/internal/wire"
)

// months splits a promise year into calendar months; the first and the last may be parts of one.
type months struct {
	from   activity.Day
	index  []uint8 // day of the year → month
	names  []string
	starts []activity.Day
}

func monthsOf(y pledge.Year) months {
	m := months{from: y.From}
	for d := y.From; d <= y.To; d++ {
		if name := MonthName(d); len(m.names) == 0 || name != m.names[len(m.names)-1] {
			m.names, m.starts = append(m.names, name), append(m.starts, d)
		}
		m.index = append(m.index, uint8(len(m.names)-1))
	}
	return m
}

// MonthName is a day's month as 2026-11.
func MonthName(d activity.Day) string { return d.Time().Format("2006-01") }

// ParseMonth gives the first and last day of a month.
func ParseMonth(name string) (from, to activity.Day, ok bool) {
	t, err := time.Parse("2006-01", name)
	return activity.Date(t.Year(), t.Month(), 1), activity.Date(t.Year(), t.Month()+1, 0), err == nil
}

func (m months) of(d activity.Day) int { return int(m.index[d-m.from]) }

func (m months) figures(done []int, today activity.Day) []wire.MonthFigure {
	out := make([]wire.MonthFigure, len(m.names))
	for i, name := range m.names {
		out[i] = wire.MonthFigure{Month: name, Done: done[i], Future: m.starts[i] > today}
	}
	return out
}
