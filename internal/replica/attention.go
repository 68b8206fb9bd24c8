package replica

import (
	"slices"
	"strings"
	"sync"

	"lofteslogg/internal/event"
	"lofteslogg/internal/store"
)

// attention is what memory keeps of what needs a look: a mirror of the bucket of attention, and the town's decisions. It
// follows every commit, so that asking for it scans nothing on disk. It is safe for concurrent use.
type attention struct {
	mu        sync.RWMutex
	records   map[string][]byte
	decisions map[event.ID]*event.State // these states never change
	doubles   *doublesAt
}

func newAttention() *attention {
	return &attention{records: map[string][]byte{}, decisions: map[event.ID]*event.State{}}
}

func (a *attention) read(tx store.Tx) error {
	err := tx.Scan(store.Attn, nil, nil, func(k, v []byte) bool {
		a.records[string(k)] = slices.Clone(v)
		return true
	})
	if err != nil {
		return err
	}
	list, err := decisionsOf(tx)
	for i := 0; err == nil && i < len(list); i++ {
		var s *event.State
		if s, err = readState(tx, list[i]); s != nil {
			a.decisions[list[i]] = s
		}
	}
	return err
}

// follow takes in what a commit changed.
func (a *attention) follow(changes []notice) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, n := range changes {
		if n.value == nil {
			delete(a.records, string(n.key))
		} else {
			a.records[string(n.key)] = n.value
		}
	}
}

func (a *attention) decide(s *event.State) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.decisions[s.Entity] = s
}

// decided is the present decision in a register: the latest that stands, in whichever entity of decisions. The head's ID is
// zero when there never was one.
func (a *attention) decided(f string) (latest event.Head) {
	a.mu.RLock()
	defer a.mu.RUnlock()
	for _, s := range a.decisions {
		latest = later(s, f, latest)
	}
	return latest
}

func later(s *event.State, f string, latest event.Head) event.Head {
	if r := s.Register(f); r != nil && len(r.Heads) > 0 {
		if h := r.Heads[len(r.Heads)-1]; latest.ID.IsZero() || h.Compare(latest) > 0 {
			return h
		}
	}
	return latest
}

// about lists the registers of notes that name one of these ids.
func (a *attention) about(ids map[string]bool) (list []string) {
	a.mu.RLock()
	defer a.mu.RUnlock()
	for _, s := range a.decisions {
		for i := range s.Fields {
			subject, ok := strings.CutPrefix(s.Fields[i].Name, noted)
			if ok && slices.ContainsFunc(strings.Split(subject, ":"), func(part string) bool { return ids[part] }) {
				list = append(list, s.Fields[i].Name)
			}
		}
	}
	return list
}

// desk is the entity that decisions are written on, the smallest of them, and nil before the first.
func (a *attention) desk() *event.State {
	a.mu.RLock()
	defer a.mu.RUnlock()
	var first *event.State
	for e, s := range a.decisions {
		if first == nil || e.Compare(first.Entity) < 0 {
			first = s
		}
	}
	return first
}
