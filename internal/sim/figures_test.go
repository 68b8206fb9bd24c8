package sim

import (
	"bytes"
	"slices"
	"time"

	"lofteslogg/internal/activity"
	"lofteslogg/internal/event"
	"lofteslogg/internal/store"
	"lofteslogg/internal/testkit"
)

// checkFigures: the rows are those of the states, and every figure is what counting the events gives (I6).
func (l *ledger) checkFigures() {
	rows := 0
	l.w.view(func(tx store.Tx) {
		must(tx.Scan(store.Rows, nil, nil, func(k, v []byte) bool {
			rows++
			if s := l.states[event.ID(k)]; !isActivity(s) || !bytes.Equal(l.row(s), v) {
				got, err := activity.ReadRow(v)
				l.w.fail("I6: the row of %s is %+v (%v), its state %+v", short(event.ID(k)), got, err, s)
			}
			return true
		}))
	})
	for _, s := range l.states {
		if isActivity(s) {
			rows--
		}
	}
	if rows != 0 {
		l.w.fail("I6: %d rows too many", rows)
	}
	want := l.figures()
	book, err := l.w.rep.Book(townID)
	must(err)
	table, err := l.w.rep.Table(townID)
	must(err)
	if book.Pledge == nil {
		return
	}
	for _, year := range book.Pledge.Years() {
		done, _ := book.Done(table, year)
		for i, m := range book.Measures {
			if n := want[figure{m.Entity, year.From.Time().Year()}]; n != done[i] {
				l.w.fail("I6: %d are counted for measure %s in %d; there are %d", done[i], short(m.Entity), year.From.Time().Year(), n)
			}
		}
	}
}

func (l *ledger) row(s *event.State) []byte {
	x := l.log[s.Entity]
	lag := x.rec.Received - x.rec.Eff.Millis()
	if x.Off != nil { // a clock that is known to have been wrong makes nothing late
		lag = min(lag, lag+*x.Off)
	}
	r := activity.RowOf(s, !x.rec.Again && lag > 7*24*3600*1000)
	return r.Append(nil)
}

type figure struct {
	measure event.ID
	year    int
}

// figures counts from the rule alone: groups of doubles by walking links until nothing moves, then one by one.
func (l *ledger) figures() map[figure]int {
	if l.done == nil {
		l.done = l.count()
	}
	return l.done
}

func (l *ledger) count() map[figure]int {
	states := map[event.ID]*event.State{}
	group := map[event.ID]event.ID{}
	for e := range l.by {
		if s := l.rule(e); isActivity(s) {
			states[e], group[e] = s, e
		}
	}
	for moved := true; moved; {
		moved = false
		for e, s := range states {
			to, err := event.ParseID(s.Text("dup_of"))
			if err != nil {
				continue
			}
			if _, ok := group[to]; !ok {
				group[to] = to
			}
			if a, b := group[e], group[to]; a != b {
				low := a
				if b.Compare(a) < 0 {
					low = b
				}
				group[e], group[to], moved = low, low, true
			}
		}
	}
	counted := map[event.ID]*event.State{}
	for e, s := range states {
		if g := group[e]; s.Value("retracted").IsNull() && (counted[g] == nil || e.Compare(counted[g].Entity) < 0) {
			counted[g] = s
		}
	}
	out := map[figure]int{}
	for _, s := range counted {
		l.add(out, s)
	}
	return out
}

func (l *ledger) add(out map[figure]int, s *event.State) {
	at, err := time.Parse("2006-01-02T15:04Z07:00", s.Text("started_at"))
	if err != nil {
		return
	}
	n := 1
	if m, ok := s.Value("meetings").AsInt(); ok {
		n = int(m)
	}
	for _, m := range l.states {
		if m.Birth == nil || m.Birth.Type != activity.TypeMeasure {
			continue
		}
		if list, _ := m.Value("kinds").AsTexts(); slices.Contains(list, s.Birth.Kind) {
			out[figure{m.Entity, at.In(activity.Zone).Year()}] += n
		}
	}
}

// checkTally: what a phone was told is the figure of the desk, and of nothing else.
func (l *ledger) checkTally(p *phone, c *testkit.Cache) {
	if c.Tally == nil {
		return
	}
	want := l.figures()
	year, err := time.Parse(time.DateOnly, c.Tally.From)
	must(err)
	for _, m := range c.Tally.Measures {
		list, _ := l.states[m.E].Value("kinds").AsTexts()
		if slices.Contains(list, "youth") != (m.Done == nil) {
			l.w.fail("I12: the tally says of measure %s of %v: %v", short(m.E), list, m.Done)
		}
		if m.Done != nil && *m.Done != want[figure{m.E, year.Year()}] {
			l.w.fail("I6: phone %d was told %d of measure %s; there are %d", p.name, *m.Done, short(m.E), want[figure{m.E, year.Year()}])
		}
	}
}
