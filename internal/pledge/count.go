package pledge

import (
	"lofteslogg/internal/activity"
)

// Matcher tells of each fact which measures it counts toward; it holds for one scan.
type Matcher struct {
	byKind [][]int // name of a kind → measures
}

// Match prepares the measures for a scan.
func Match(v activity.View, measures []Measure) Matcher {
	m := Matcher{}
	for i := range measures {
		for _, kind := range measures[i].Kinds {
			if n, ok := v.Find(kind); ok {
				m.add(int(n), i)
			}
		}
	}
	return m
}

func (m *Matcher) add(kind, measure int) {
	for len(m.byKind) <= kind {
		m.byKind = append(m.byKind, nil)
	}
	for _, known := range m.byKind[kind] {
		if known == measure {
			return
		}
	}
	m.byKind[kind] = append(m.byKind[kind], measure)
}

// Of lists the measures that a fact counts toward, by their place in the book.
func (m Matcher) Of(f *activity.Fact) []int {
	if int(f.Kind) < len(m.byKind) {
		return m.byKind[f.Kind]
	}
	return nil
}

// In tells whether a fact counts at all, and within the days.
func In(f *activity.Fact, from, to activity.Day) bool {
	if !f.Counted || !f.Flags.Has(activity.Dated) {
		return false
	}
	d := f.Start.Day()
	return d >= from && d <= to
}

// Done is the number done of each measure of the book in the year, and the seq of the log it is true of. It is the one way to count.
func (b *Book) Done(t *activity.Table, y Year) (done []int, at uint64) {
	done = make([]int, len(b.Measures))
	t.Scan(func(v activity.View, facts []activity.Fact) {
		at = v.At()
		match := Match(v, b.Measures)
		for i := range facts {
			if In(&facts[i], y.From, y.To) {
				for _, m := range match.Of(&facts[i]) {
					done[m] += int(facts[i].Number)
				}
			}
		}
	})
	return done, at
}

// Restricted tells whether the measure counts a kind that phones must not know the number of.
func (b *Book) Restricted(m *Measure) bool {
	for _, slug := range m.Kinds {
		if k, ok := b.Catalog.Kinds[slug]; ok && k.Sight != "own" && k.Sight != "field" {
			return true
		}
	}
	return false
}
