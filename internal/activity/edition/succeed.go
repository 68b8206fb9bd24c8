package edition

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
)

// Change is one difference between two editions, for the one who publishes. Sign is + for what is new, ~ for what is
// otherwise, − for what is no longer offered.
type Change struct{ Sign, At, What string }

// String is the change as a line.
func (c Change) String() string { return c.Sign + " " + c.At + ": " + c.What }

// Succeed makes next the edition after e: one version on, with all that next leaves out kept as no longer offered, so that
// whatever was logged can still be read and corrected. It tells what changes; with no changes there is nothing to
// publish. A slug never changes its meaning: fault.Invalid when a field is asked in another way, or a kind is of
// another sight.
func (e *Edition) Succeed(next *Edition) (*Edition, []Change, error) {
	s := &succession{version: e.Version + 1}
	out := &Edition{Version: s.version, Kinds: map[string]*Kind{}}
	out.Parties = s.parties(e.Parties, next.Parties)
	for _, slug := range slices.Sorted(maps.Keys(joined(e.Kinds, next.Kinds))) {
		k, err := s.kind("kinds."+slug, e.Kinds[slug], next.Kinds[slug])
		if err != nil {
			return nil, nil, err
		}
		out.Kinds[slug] = k
	}
	return out, s.changes, nil
}

func joined(a, b map[string]*Kind) map[string]*Kind {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}

// succession gathers what changes.
type succession struct {
	version int64
	changes []Change
}

func (s *succession) note(sign, at, format string, args ...any) {
	s.changes = append(s.changes, Change{sign, at, fmt.Sprintf(format, args...)})
}

func (s *succession) kind(at string, old, next *Kind) (*Kind, error) {
	switch {
	case old == nil:
		s.note("+", at, "a new kind, %s", next.SV.Name)
		return next, nil
	case next == nil && old.Until != 0:
		return old, nil
	case next == nil:
		if old.foreign {
			return nil, wrong(at, "it says more than this version knows: it cannot be left out here")
		}
		k := *old
		k.Until, k.stored = s.version, ""
		s.note("−", at, "no longer offered; what was logged stays and can be corrected")
		return &k, nil
	case old.foreign:
		s.note("~", at, "in place of what a later version wrote")
		return next, nil
	case old.Sight != next.Sight:
		return nil, wrong(at+".sight", "it is %s and stays so: give the new kind another slug", old.Sight)
	}
	k, before := *next, len(s.changes)
	s.compare(at, &head{old.SV, old.EN, old.Icon, old.Order}, &head{k.SV, k.EN, k.Icon, k.Order})
	s.offered(at, old.Until, k.Until)
	var err error
	if k.Fields, err = s.fields(at+".fields", old.Fields, k.Fields); err == nil && len(s.changes) == before {
		return old, nil
	}
	return &k, err
}

// head is what a kind says of itself.
type head struct {
	SV, EN Words
	Icon   string
	Order  int
}

// compare notes when two things are spelled otherwise.
func (s *succession) compare(at string, old, next any) {
	if !reflect.DeepEqual(old, next) {
		a, _ := compact(old)
		b, _ := compact(next)
		s.note("~", at, "%s → %s", a, b)
	}
}

func (s *succession) offered(at string, old, next int64) {
	switch {
	case old == 0 && next != 0:
		s.note("−", at, "no longer offered")
	case old != 0 && next == 0:
		s.note("+", at, "offered again")
	}
}

func (s *succession) fields(at string, old, next []Field) ([]Field, error) {
	out := slices.Clone(next)
	for i := range out {
		f := &out[i]
		at := at + "." + f.F
		j := slices.IndexFunc(old, func(o Field) bool { return o.F == f.F })
		if j < 0 {
			s.note("+", at, "a new question, %s", f.As)
			continue
		}
		if old[j].As != f.As {
			return nil, wrong(at+".as", "it is %s in what was logged: give the new question another name", old[j].As)
		}
		s.compare(at, bare(old[j]), bare(*f))
		s.offered(at, old[j].Until, f.Until)
		f.Choices = s.choices(at+".choices", f.As, old[j].Choices, f.Choices)
	}
	for _, f := range old {
		if slices.ContainsFunc(next, func(n Field) bool { return n.F == f.F }) {
			continue
		}
		if f.Until == 0 {
			f.Until, f.Need = s.version, false
			s.note("−", at+"."+f.F, "no longer asked; entries keep it")
		}
		out = append(out, f)
	}
	reordered(s, at, old, out, func(f Field) string { return f.F })
	return out, nil
}

// bare is a field without its choices, which are compared one by one.
func bare(f Field) Field {
	f.Choices, f.Until = nil, 0
	return f
}

// reordered notes when the same things stand in another order.
func reordered[T any](s *succession, at string, old, next []T, name func(T) string) {
	names := func(list []T) (out []string) {
		for _, each := range list {
			out = append(out, name(each))
		}
		return out
	}
	a, b := names(old), names(next)
	if slices.Equal(a, b) {
		return
	}
	slices.Sort(a)
	slices.Sort(b)
	if slices.Equal(a, b) {
		s.note("~", at, "in another order")
	}
}

// choices keeps answers that were given. Minutes are numbers and need nobody to know them.
func (s *succession) choices(at, as string, old, next []Choice) []Choice {
	out := slices.Clone(next)
	for _, c := range out {
		j := slices.IndexFunc(old, func(o Choice) bool { return o.V == c.V })
		if j < 0 {
			s.note("+", at+"."+c.V, "a new answer %s", c.SV)
			continue
		}
		s.compare(at+"."+c.V, spelled{c.V, old[j].SV, old[j].EN, 0}, spelled{c.V, c.SV, c.EN, 0})
		s.offered(at+"."+c.V, old[j].Until, c.Until)
	}
	for _, c := range old {
		switch {
		case slices.ContainsFunc(next, func(n Choice) bool { return n.V == c.V }):
			continue
		case c.Until == 0:
			s.note("−", at+"."+c.V, "no longer offered; entries keep it")
			c.Until = s.version
		}
		if as != "duration" {
			out = append(out, c)
		}
	}
	reordered(s, at, old, out, func(c Choice) string { return c.V })
	return out
}

func (s *succession) parties(old, next []Party) []Party {
	out := slices.Clone(next)
	for _, p := range out {
		at := "parties." + p.Slug
		j := slices.IndexFunc(old, func(o Party) bool { return o.Slug == p.Slug })
		if j < 0 {
			s.note("+", at, "a new party, %s", p.SV)
			continue
		}
		s.compare(at, Party{p.Slug, old[j].SV, old[j].EN, 0}, Party{p.Slug, p.SV, p.EN, 0})
		s.offered(at, old[j].Until, p.Until)
	}
	for _, p := range old {
		if slices.ContainsFunc(next, func(n Party) bool { return n.Slug == p.Slug }) {
			continue
		}
		if p.Until == 0 {
			s.note("−", "parties."+p.Slug, "no longer offered; entries keep it")
			p.Until = s.version
		}
		out = append(out, p)
	}
	reordered(s, "parties", old, out, func(p Party) string { return p.Slug })
	return out
}
