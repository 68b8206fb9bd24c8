// Package edition has the catalogue of kinds as people write it: one document, read strictly, that takes the place of
// the one before without a word of what was logged being lost. docs/api/kinds.md has the form.
//
// Package activity reads the same catalogue loosely, since it must live with what later versions write.
package edition

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
)

// Edition is a town's catalogue as of a version.
type Edition struct {
	Version int64
	Parties []Party // offered, in their order, then those that are no longer
	Kinds   map[string]*Kind
}

// Party is one that takes part. Until is the version from which it is no longer offered; 0 means that it is.
type Party struct {
	Slug  string `json:"slug,omitempty"`
	SV    string `json:"sv"`
	EN    string `json:"en"`
	Until int64  `json:"until,omitempty"`
}

// Kind is one kind of activity and its form.
type Kind struct {
	SV     Words   `json:"sv"`
	EN     Words   `json:"en"`
	Icon   string  `json:"icon"`
	Sight  string  `json:"sight"`
	Order  int     `json:"order"`
	Until  int64   `json:"until,omitempty"`
	Fields []Field `json:"fields"`

	stored  string // as the town has it; empty for one that was read from a document
	foreign bool   // it says more than this build knows
}

// Words are what something is called in one language.
type Words struct {
	Name  string `json:"name,omitempty"`
	Start string `json:"start,omitempty"`
	Label string `json:"label,omitempty"`
	Short string `json:"short,omitempty"`
}

// Field is one question.
type Field struct {
	F       string   `json:"f"`
	As      string   `json:"as"`
	Need    bool     `json:"need,omitempty"`
	Keep    bool     `json:"keep,omitempty"`
	Min     *int     `json:"min,omitempty"`
	Max     *int     `json:"max,omitempty"`
	Choices []Choice `json:"choices,omitempty"`
	SV      *Words   `json:"sv,omitempty"`
	EN      *Words   `json:"en,omitempty"`
	Until   int64    `json:"until,omitempty"`
}

// Choice is one answer. Of a duration it is a bare number of minutes.
type Choice struct {
	V       string
	SV, EN  string
	Until   int64
	minutes int
}

// spelled is a Choice as it is written.
type spelled struct {
	V     string `json:"v"`
	SV    string `json:"sv,omitempty"`
	EN    string `json:"en,omitempty"`
	Until int64  `json:"until,omitempty"`
}

// MarshalJSON writes the number, or the object.
func (c Choice) MarshalJSON() ([]byte, error) {
	if c.minutes != 0 {
		return json.Marshal(c.minutes)
	}
	return json.Marshal(spelled{c.V, c.SV, c.EN, c.Until})
}

// UnmarshalJSON reads the number, or the object, strictly.
func (c *Choice) UnmarshalJSON(b []byte) error {
	if json.Unmarshal(b, &c.minutes) == nil {
		c.V = fmt.Sprint(c.minutes)
		return nil
	}
	var s spelled
	if err := strictly(b, &s); err != nil {
		return err
	}
	*c = Choice{V: s.V, SV: s.SV, EN: s.EN, Until: s.Until}
	return nil
}

func strictly(b []byte, to any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(to); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return fmt.Errorf("something follows the document")
	}
	return nil
}

// document is an Edition as it is written. Kinds are read one by one, so that what is wrong is named.
type document struct {
	Version int64                      `json:"version"`
	Parties []Party                    `json:"parties"`
	Kinds   map[string]json.RawMessage `json:"kinds"`
}

// Read reads a document. fault.Invalid, with the place of what is wrong such as kinds.foot_patrol.fields.contacts.
func Read(b []byte) (*Edition, error) {
	var d document
	if err := strictly(b, &d); err != nil {
		return nil, fault.New(fault.Invalid, "", "%w", err).At("catalogue")
	}
	e := &Edition{Version: d.Version, Parties: d.Parties, Kinds: map[string]*Kind{}}
	for slug, raw := range d.Kinds {
		k, err := readKind(raw)
		if err != nil {
			return nil, wrong("kinds."+slug, "%w", err)
		}
		e.Kinds[slug] = k
	}
	return e, e.check()
}

func readKind(raw []byte) (*Kind, error) {
	k := &Kind{}
	return k, strictly(raw, k)
}

// Of is the edition that a catalogue's state displays. A kind that says more than this build knows is kept as it is.
func Of(s *event.State) *Edition {
	e := &Edition{Kinds: map[string]*Kind{}}
	if s == nil {
		return e
	}
	e.Version, _ = s.Value("version").AsInt()
	parties := map[string]Party{}
	for _, r := range s.Fields {
		if slug, ok := strings.CutPrefix(r.Name, "kind:"); ok {
			e.Kinds[slug] = kindIn(s.Text(r.Name))
		}
		if slug, ok := strings.CutPrefix(r.Name, "party:"); ok {
			p := Party{}
			if json.Unmarshal([]byte(s.Text(r.Name)), &p) == nil {
				p.Slug = slug
				parties[slug] = p
			}
		}
	}
	maps.DeleteFunc(e.Kinds, func(_ string, k *Kind) bool { return k == nil })
	order, _ := s.Value("parties").AsTexts()
	for _, slug := range append(order, slices.Sorted(maps.Keys(parties))...) {
		if p, ok := parties[slug]; ok {
			e.Parties = append(e.Parties, p)
			delete(parties, slug)
		}
	}
	return e
}

// kindIn reads a kind's text; nil when it is none.
func kindIn(text string) *Kind {
	k, err := readKind([]byte(text))
	k.stored, k.foreign = text, err != nil
	if !json.Valid([]byte(text)) {
		return nil
	}
	return k
}

// Document is the edition as Read reads it, with a line for each thing.
func (e *Edition) Document() ([]byte, error) {
	d := document{Version: e.Version, Parties: e.Parties, Kinds: map[string]json.RawMessage{}}
	for slug, k := range e.Kinds {
		text, err := k.text()
		if err != nil {
			return nil, err
		}
		d.Kinds[slug] = json.RawMessage(text)
	}
	var b bytes.Buffer
	w := json.NewEncoder(&b)
	w.SetEscapeHTML(false)
	w.SetIndent("", " ")
	err := w.Encode(d)
	return b.Bytes(), err
}

// text is the kind as its register keeps it.
func (k *Kind) text() (string, error) {
	if k.stored != "" {
		return k.stored, nil
	}
	return compact(k)
}

func compact(v any) (string, error) {
	var b strings.Builder
	w := json.NewEncoder(&b)
	w.SetEscapeHTML(false)
	err := w.Encode(v)
	return strings.TrimSuffix(b.String(), "\n"), err
}
