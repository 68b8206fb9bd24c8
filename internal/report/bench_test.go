package report_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"testing"

	"lofteslogg/internal/activity"
	"lofteslogg/internal/event"
	"lofteslogg/internal/pledge"
	"lofteslogg/internal/report"
	"lofteslogg/internal/wire"
)

// town is a desk with a table of n entries as years of work leave them: five measures and one that two kinds count
// toward, three parties alone and together, corrections, some taken back, and patrols that were logged twice.
func town(n int) desk {
	d := desk{book(), activity.NewTable()}
	d.book.Measures = nil
	kinds := []string{"foot_patrol", "andt_prevention", "safety_walk", "andt_intervention", "youth_collaboration"}
	for i, k := range kinds {
		d.book.Measures = append(d.book.Measures, pledge.Measure{Entity: event.ID{0: 1, 15: byte(i + 1)}, Kinds: []string{k}, Target: "count", Min: 24})
	}
	d.book.Measures = append(d.book.Measures, pledge.Measure{Entity: event.ID{0: 1, 15: 9}, Kinds: kinds[:2], Target: "effort"})
	sets := [][]string{{"police"}, {"municipality"}, {"municipality", "police"}, {"police", "school"}, nil}
	r := rand.New(rand.NewPCG(1, 2))
	d.table.Grow(n)
	for from := 0; from < n; from += 4096 {
		rows := make([]activity.Row, min(4096, n-from))
		for i := range rows {
			day := activity.Date(2026, 1, 1) + activity.Day((from+i)*730/n) - activity.Day(r.IntN(3))
			rows[i] = activity.Row{
				Entity: entityAt(from + i), Kind: kinds[r.IntN(5)], Number: 1, Minutes: 40, Seq: uint64(from + i + 1), Parties: sets[r.IntN(5)],
				Place: event.ID{15: byte(r.IntN(20))}, Flags: activity.Dated, Start: activity.Minute(day)*1440 + activity.Minute(r.IntN(1440)),
			}
			if r.IntN(50) == 0 {
				rows[i].Flags |= activity.Voided
			}
			if from+i > 0 && r.IntN(100) == 0 {
				rows[i].DupOf = entityAt(from + i - 1)
			}
		}
		d.table.Put(uint64(from), rows)
	}
	return d
}

func entityAt(i int) (e event.ID) {
	e[0] = 2
	binary.BigEndian.PutUint64(e[8:], uint64(i))
	return e
}

// BenchmarkFigures makes what the desk asks for. The aims are 2 ms for a follow-up and a page of entries at 10^5 entries, and
// 20 ms at 10^6.
func BenchmarkFigures(b *testing.B) {
	for _, n := range []int{100_000, 1_000_000} {
		d := town(n)
		figures := report.New(d, at{now})
		ask := func(name string, do func() error) {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				for b.Loop() {
					if err := do(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
		entries := func(q wire.EntriesQuery) func() error {
			return func() error {
				page, err := figures.Entries(context.Background(), event.ID{}, q)
				if err == nil && len(page.Entries) == 0 {
					err = fmt.Errorf("no entries for %+v", q)
				}
				return err
			}
		}
		ask("FollowUp", func() error { _, err := figures.FollowUp(context.Background(), event.ID{}, 1); return err })
		ask("Entries", entries(wire.EntriesQuery{}))
		ask("EntriesOfMeasure", entries(wire.EntriesQuery{Measure: d.book.Measures[0].Entity, Year: 1}))
		ask("EntriesOfParty", entries(wire.EntriesQuery{Measure: d.book.Measures[5].Entity, Year: 1, Month: "2026-05", Party: report.Joint}))
		ask("EntriesWithVoided", entries(wire.EntriesQuery{Year: 1, Voided: true, After: fmt.Sprintf("%d.%s", activity.Minute(activity.Date(2026, 6, 1))*1440, entityAt(n/4))}))
	}
}

// BenchmarkTable puts rows as commits do, and tells what a row costs in memory.
func BenchmarkTable(b *testing.B) {
	d := town(100_000)
	pack, _ := d.table.Pack(nil, 0, 100_000)
	b.Run("Add100000", func(b *testing.B) {
		for b.Loop() {
			if err := activity.NewTable().Add(pack); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("PutOne", func(b *testing.B) {
		row := []activity.Row{{Entity: entityAt(5), Kind: "foot_patrol", Number: 1, Flags: activity.Dated}}
		for b.Loop() {
			d.table.Put(1, row)
		}
	})
}
