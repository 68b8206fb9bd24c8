package activity_test

import (
	"slices"
	"testing"

	"lofteslogg/internal/activity"
	"lofteslogg/internal/event"
)

func id(n byte) event.ID { return event.ID{15: n} }

func patrol(n byte, dup byte, flags activity.Flag, parties ...string) activity.Row {
	r := activity.Row{Entity: id(n), Kind: "foot_patrol", Number: 1, Flags: flags | activity.Dated, Parties: parties}
	if dup > 0 {
		r.DupOf = id(dup)
	}
	return r
}

// counted lists the entities that count, with their parties.
func counted(t *activity.Table) map[byte][]string {
	out := map[byte][]string{}
	t.Scan(func(v activity.View, facts []activity.Fact) {
		for i := range facts {
			if facts[i].Counted {
				out[facts[i].Entity[15]] = v.Parties(facts[i].Parties)
			}
		}
	})
	return out
}

func TestAPatrolLoggedTwiceCountsOnceForBothParties(t *testing.T) {
	table := activity.NewTable()
	table.Put(1, []activity.Row{patrol(1, 0, 0, "police"), patrol(2, 1, 0, "municipality"), patrol(3, 2, 0, "police")})
	got := counted(table)
	if len(got) != 1 || !slices.Equal(got[1], []string{"municipality", "police"}) {
		t.Errorf("%v", got)
	}
}

func TestWhenTheFirstIsTakenBackTheNextOneCounts(t *testing.T) {
	table := activity.NewTable()
	table.Put(1, []activity.Row{patrol(1, 0, 0, "police"), patrol(2, 1, 0, "municipality")})
	table.Put(2, []activity.Row{patrol(1, 0, activity.Voided, "police")})
	if got := counted(table); len(got) != 1 || !slices.Equal(got[2], []string{"municipality"}) {
		t.Errorf("%v", got)
	}
}

func TestALinkThatIsTakenAwayLetsBothCount(t *testing.T) {
	table := activity.NewTable()
	table.Put(1, []activity.Row{patrol(1, 0, 0, "police"), patrol(2, 1, 0, "municipality")})
	table.Put(2, []activity.Row{patrol(2, 0, 0, "municipality")})
	if got := counted(table); len(got) != 2 || !slices.Equal(got[1], []string{"police"}) {
		t.Errorf("%v", got)
	}
}

func TestALinkToWhatHasNotComeYetHolds(t *testing.T) {
	table := activity.NewTable()
	table.Put(1, []activity.Row{patrol(2, 1, 0, "municipality"), patrol(3, 1, 0, "police")})
	if got := counted(table); len(got) != 1 || len(got[2]) != 2 {
		t.Errorf("before: %v", got)
	}
	table.Put(2, []activity.Row{patrol(1, 0, 0)})
	if got := counted(table); len(got) != 1 || len(got[1]) != 2 {
		t.Errorf("after: %v", got)
	}
}

func TestARowIsReadAsItWasWritten(t *testing.T) {
	r := patrol(7, 3, activity.Edited|activity.Late, "municipality", "police")
	r.Start, r.Minutes, r.Seq, r.Place = 12345, 40, 99, id(9)
	got, err := activity.ReadRow(r.Append(nil))
	if err != nil || !slices.Equal(got.Parties, r.Parties) {
		t.Fatalf("%+v %v", got, err)
	}
	got.Parties, r.Parties = nil, nil
	if got.Entity != r.Entity || got.Start != r.Start || got.Flags != r.Flags || got.DupOf != r.DupOf || got.Place != r.Place || got.Seq != r.Seq || got.Kind != r.Kind {
		t.Errorf("%+v, want %+v", got, r)
	}
}
