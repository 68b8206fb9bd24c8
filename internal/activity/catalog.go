// Package activity says what an entity of type activity means: the catalogue of kinds, who may see one, and the row
// of facts that every figure is counted from.
//
// Kinds are data, not code: docs/api/kinds.md has their form. What is not understood is skipped, never refused.
package activity

import (
	"encoding/json"
	"slices"
	"strings"

	"lofteslogg/internal/event"
)

// The types of entity that this build knows.
const (
	TypeTown      = "town"
	TypeCatalog   = "catalog"
	TypePlace     = "place"
	TypePledge    = "pledge"
	TypeMeasure   = "measure"
	TypeActivity  = "activity"
	TypeDecisions = "decisions"
)

// KnownType tells whether this build folds entities of the type.
func KnownType(t string) bool {
	return slices.Contains([]string{TypeTown, TypeCatalog, TypePlace, TypePledge, TypeMeasure, TypeActivity, TypeDecisions}, t)
}

// The classes of entities, apart from Own.
const (
	ClassRef        = "ref"
	ClassField      = "field"
	ClassRestricted = "restricted"
	ClassDesk       = "desk"
)

// ClassOwn is the class of what an account logged for itself.
func ClassOwn(account event.ID) string { return "own:" + account.String() }

// Words are what something is called in one language.
type Words struct {
	Name  string `json:"name"`
	Start string `json:"start,omitempty"`
	Label string `json:"label,omitempty"`
}

// Kind is one kind of activity.
type Kind struct {
	Slug   string  `json:"-"`
	SV     Words   `json:"sv"`
	EN     Words   `json:"en"`
	Icon   string  `json:"icon"`
	Sight  string  `json:"sight"`
	Order  int     `json:"order"`
	Until  int64   `json:"until"` // the version from which it is no longer offered; 0 means that it is
	Fields []Field `json:"fields"`
}

// Field is one question of a kind's form; only what the server needs is read.
type Field struct {
	Name string `json:"f"`
	As   string `json:"as"`
}

// Party is one that takes part.
type Party struct {
	Slug  string `json:"-"`
	SV    string `json:"sv"`
	EN    string `json:"en"`
	Until int64  `json:"until"` // as of a Kind
}

// Catalog is the town's kinds and parties, as the catalogue's state displays them.
type Catalog struct {
	Version int64
	Kinds   map[string]*Kind
	Parties []Party // in order of their place in the catalogue's field "parties", then of slug
}

// ReadCatalog reads a catalogue's state; nil gives an empty catalogue.
func ReadCatalog(s *event.State) *Catalog {
	c := &Catalog{Kinds: map[string]*Kind{}}
	if s == nil {
		return c
	}
	c.Version, _ = s.Value("version").AsInt()
	for _, r := range s.Fields {
		if slug, ok := strings.CutPrefix(r.Name, "kind:"); ok {
			k := &Kind{Slug: slug}
			if json.Unmarshal([]byte(s.Text(r.Name)), k) == nil {
				c.Kinds[slug] = k
			}
		}
	}
	c.Parties = readParties(s)
	return c
}

func readParties(s *event.State) (out []Party) {
	order, _ := s.Value("parties").AsTexts()
	for _, r := range s.Fields {
		if slug, ok := strings.CutPrefix(r.Name, "party:"); ok {
			p := Party{Slug: slug}
			if json.Unmarshal([]byte(s.Text(r.Name)), &p) == nil {
				out = append(out, p)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Party) int { return place(order, a.Slug) - place(order, b.Slug) })
	return out
}

func place(order []string, slug string) int {
	if i := slices.Index(order, slug); i >= 0 {
		return i
	}
	return len(order)
}

// ClassOf says who may see an entity, from its first event alone. known is false where the kind is not in the catalogue.
func (c *Catalog) ClassOf(birth *event.Birth, by event.ID) (class string, known bool) {
	switch birth.Type {
	case TypeTown, TypeCatalog, TypePlace, TypePledge, TypeMeasure:
		return ClassRef, true
	case TypeDecisions:
		return ClassDesk, true
	case TypeActivity:
		if k, ok := c.Kinds[birth.Kind]; ok {
			return k.class(by), true
		}
	}
	return ClassDesk, false
}

func (k *Kind) class(by event.ID) string {
	switch k.Sight {
	case "field":
		return ClassField
	case "own":
		return ClassOwn(by)
	default: // restricted, and whatever a later version means by another word
		return ClassRestricted
	}
}

// Forbids tells whether an entry of the kind must not have the field. About youth at risk only what the form asks is
// kept: whatever else a phone sends is not even counted until a coordinator has looked.
func (k *Kind) Forbids(name string) bool {
	if k.Sight == "own" || k.Sight == "field" || name == "retracted" || name == "dup_of" {
		return false
	}
	return !slices.ContainsFunc(k.Fields, func(f Field) bool { return f.asks(name) && f.As != "text" })
}

// asks tells whether the register is one that the field writes: its own, or of counts one for each of its answers.
func (f *Field) asks(register string) bool {
	of, _, one := strings.Cut(register, ":")
	return f.Name == register && f.As != "counts" || one && f.Name == of && f.As == "counts"
}
