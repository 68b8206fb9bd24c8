package edition

import (
	"slices"

	"lofteslogg/internal/event"
)

// Writes are the registers in which the edition differs from a catalogue's state, each with the writes that the state
// shows as its base, in the order that canonical bytes have. None when the state says it all.
func (e *Edition) Writes(s *event.State) ([]event.Field, error) {
	all, err := e.registers()
	if err != nil {
		return nil, err
	}
	var out []event.Field
	for _, f := range all {
		if s != nil {
			if s.Value(f.Name) == f.Value {
				continue
			}
			if r := s.Register(f.Name); r != nil {
				for _, h := range r.Heads {
					f.Base = append(f.Base, h.ID)
				}
			}
		}
		out = append(out, f)
	}
	slices.SortFunc(out, func(a, b event.Field) int { return event.CompareUTF16(a.Name, b.Name) })
	return out, nil
}

func (e *Edition) registers() ([]event.Field, error) {
	out := []event.Field{{Name: "version", Value: event.Int(e.Version)}}
	order := []string{}
	for _, p := range e.Parties {
		if p.Until == 0 {
			order = append(order, p.Slug)
		}
		slug := p.Slug
		p.Slug = ""
		text, err := compact(p)
		if err != nil {
			return nil, err
		}
		out = append(out, event.Field{Name: "party:" + slug, Value: event.Text(text)})
	}
	out = append(out, event.Field{Name: "parties", Value: event.Texts(order...)})
	for slug, k := range e.Kinds {
		text, err := k.text()
		if err != nil {
			return nil, err
		}
		out = append(out, event.Field{Name: "kind:" + slug, Value: event.Text(text)})
	}
	return out, nil
}
