package event

import (
	"cmp"
	"slices"

	"lofteslogg/internal/clock"
)

// State is what an entity is after its folded events, in any order they came. It is derived and can be rebuilt.
type State struct {
	Entity ID
	Birth  *Birth // nil until the first event is folded
	By     ID     // author of the first event
	Class  string // who may see it, see activity.ClassOf
	Seq    uint64 // of the latest change of the entity, standing or class
	Fields []Register
	Parked []Parked // events that are stored and not folded, in order of id
	Erased bool
}

// Register is one field: the writes that no folded write was shown, and the ids that were named before they came.
type Register struct {
	Name  string
	Heads []Head // in ascending order of Head.Compare; the last one is displayed
	Dead  []ID   // in order
}

// Head is a write that stands.
type Head struct {
	ID    ID
	Eff   clock.Stamp // the writer's stamp, moved back to the store's clock where it was ahead
	Inc   ID
	N     uint64
	Value Value
}

// Parked is an event that waits, and why.
type Parked struct {
	ID     ID
	Reason string
}

// Compare orders writes by (eff, inc, n, id). It decides what is displayed, never what is kept.
func (h Head) Compare(o Head) int {
	return cmp.Or(cmp.Compare(h.Eff, o.Eff), h.Inc.Compare(o.Inc), cmp.Compare(h.N, o.N), h.ID.Compare(o.ID))
}

// Register finds a field, or nil.
func (s *State) Register(name string) *Register {
	if i, ok := s.find(name); ok {
		return &s.Fields[i]
	}
	return nil
}

// Ensure finds a field or makes it, keeping the order of names.
func (s *State) Ensure(name string) *Register {
	i, ok := s.find(name)
	if !ok {
		s.Fields = slices.Insert(s.Fields, i, Register{Name: name})
	}
	return &s.Fields[i]
}

func (s *State) find(name string) (int, bool) {
	return slices.BinarySearchFunc(s.Fields, name, func(r Register, n string) int { return cmp.Compare(r.Name, n) })
}

// Value is what a field displays: Null when it was never set or emptied.
func (s *State) Value(name string) Value {
	if r := s.Register(name); r != nil && len(r.Heads) > 0 {
		return r.Heads[len(r.Heads)-1].Value
	}
	return Null
}

// Text is the field's text, empty when it has none.
func (s *State) Text(name string) string {
	t, _ := s.Value(name).AsText()
	return t
}

// Conflict tells whether the field has standing writes with different values. Equal values are shown as one.
func (r *Register) Conflict() bool {
	for _, h := range r.Heads {
		if h.Value != r.Heads[0].Value {
			return true
		}
	}
	return false
}

// Retracted tells whether the entity was taken back: its register "retracted" displays a reason.
func (s *State) Retracted() bool { return !s.Value("retracted").IsNull() }

// Clone is a deep copy; values are shared, since they never change.
func (s *State) Clone() *State {
	c := *s
	c.Parked = slices.Clone(s.Parked)
	c.Fields = slices.Clone(s.Fields)
	for i := range c.Fields {
		c.Fields[i].Heads = slices.Clone(c.Fields[i].Heads)
		c.Fields[i].Dead = slices.Clone(c.Fields[i].Dead)
	}
	return &c
}
