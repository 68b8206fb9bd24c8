package replica

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"lofteslogg/internal/event"
	"lofteslogg/internal/store"
)

// What an item of attention is for, besides the reasons that the bucket has.
const (
	Parked = "parked" // an event that does not count
	Double = "dup"    // two entries that may be of one patrol
	Silent = "silent" // a phone that is not heard
)

// noted begins the names of registers of an entity of decisions for what no register of another entity can say.
const noted = "noted:"

func verdictOf(id event.ID) string { return "verdict:" + id.String() }

// restsFor is how long a thing rests when somebody was asked about it, or is in touch all the same.
const restsFor = 7 * 24 * time.Hour

// matter is one thing that needs a look, as far as memory knows it.
type matter struct {
	reason, why string
	number      uint64 // for the order within a reason, the newest first
	subject     event.ID
	other       event.ID
	events      []event.ID
	from, to    uint64
	phone       *Phone
	registers   []string // that a decision about it is written to
}

// id says what the matter is about, the same as long as it is.
func (m *matter) id() string {
	parts := []string{m.reason, m.subject.String()}
	switch m.reason {
	case Parked, Clock:
		parts[1] = m.events[0].String()
	case Gap:
		parts = append(parts, strconv.FormatUint(m.from, 10))
	case Double:
		parts = append(parts, m.other.String())
	}
	return strings.Join(parts, ":")
}

// note is the register that says what was decided about the matter.
func (m *matter) note() string { return noted + m.id() }

var reasons = []string{Conflict, Parked, Waiting, Edited, Double, Gap, Fork, Clock, Silent}

func inOrder(a, b *matter) int {
	return cmp.Or(
		slices.Index(reasons, a.reason)-slices.Index(reasons, b.reason), cmp.Compare(b.number, a.number), b.subject.Compare(a.subject), b.other.Compare(a.other),
		cmp.Compare(b.from, a.from),
	)
}

// matters makes one thing of all records that are decided together: what waits for one first event, and the forks of one
// installation.
func (a *attention) matters() (list []*matter) {
	a.mu.RLock()
	defer a.mu.RUnlock()
	keys := make([]string, 0, len(a.records))
	for k := range a.records {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	together := map[string]*matter{}
	for _, k := range keys {
		m := matterOf([]byte(k), a.records[k])
		if m == nil {
			continue
		}
		if first := together[m.id()]; first != nil {
			first.events, first.registers, first.number = append(first.events, m.events...), slices.Compact(append(first.registers, m.registers...)), m.number
			continue
		}
		together[m.id()] = m
		list = append(list, m)
	}
	return list
}

func matterOf(key, value []byte) *matter {
	reason, number, subject, ok := store.FeedOf(key)
	if !ok {
		return nil
	}
	m := &matter{reason: reason, number: number, subject: subject, events: idsOf(value)}
	switch {
	case strings.HasPrefix(reason, Gap+":"):
		*m = matter{reason: Gap, subject: subject, from: store.SeqOf(value), to: number}
		m.registers = []string{m.note()}
	case reason == Conflict, reason == Clock, reason == Fork:
		m.registers = []string{m.note()}
	case reason == Edited:
	case len(m.events) != 1:
		return nil
	case reason == Waiting:
		m.registers = []string{verdictOf(m.events[0])}
	default:
		m.reason, m.why, m.registers = Parked, reason, []string{verdictOf(m.events[0])}
	}
	return m
}

func idsOf(b []byte) (ids []event.ID) {
	for ; len(b) >= len(event.ID{}); b = b[16:] {
		ids = append(ids, event.ID(b[:16]))
	}
	return ids
}

// settled tells whether somebody has decided about the matter, and in which register. No verdict is heard about a decision,
// so a parked one is only noted.
func (a *attention) settled(m *matter, now time.Time) (f string, yes bool) {
	registers := m.registers
	if m.reason == Parked && a.decided(m.registers[0]).Value.IsNull() {
		registers = []string{m.note()}
	}
	for _, f = range registers {
		if !m.settledBy(a.decided(f), now) {
			return f, false
		}
	}
	return f, len(registers) > 0
}

func (m *matter) settledBy(h event.Head, now time.Time) bool {
	text, _ := h.Value.AsText()
	word, detail, _ := strings.Cut(text, " ")
	switch {
	case word == "":
		return false
	case word == Asked, word == InTouch:
		return now.UnixMilli()-h.Eff.Millis() < restsFor.Milliseconds()
	case m.reason == Fork:
		return detail == strconv.FormatUint(m.number, 10)
	}
	return true
}

// The words that let a matter rest for a while.
const (
	Asked   = "asked"
	InTouch = "contact"
)
