package pledge

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"lofteslogg/internal/activity"
	"lofteslogg/internal/clock"
	"lofteslogg/internal/event"
)

//go:embed example/munkfors.json
var munkforsJSON []byte

// example is a town ready-made: the founding document of 2017, kept as a quotation, and the five kinds it needs.
type example struct {
	Name, Slug string
	Pledge     map[string]any
	Measures   []map[string]any
	Places     []map[string]any
	Parties    []struct{ Slug, SV, EN string }
	Kinds      map[string]json.RawMessage
}

// ExampleCatalog is the catalogue of the example town, as a document of package edition.
func ExampleCatalog() ([]byte, error) {
	var x struct {
		Parties []json.RawMessage `json:"parties"`
		Kinds   json.RawMessage   `json:"kinds"`
	}
	if err := json.Unmarshal(munkforsJSON, &x); err != nil {
		return nil, fmt.Errorf("example town: %w", err)
	}
	return json.Marshal(x)
}

// Writer is the installation that writes a town's first entities.
type Writer struct {
	Town, Inc, By event.ID
	Now           time.Time
	NewID         func() (event.ID, error)

	n   uint64
	hlc clock.Stamp
	out []*event.Event
}

// Munkfors writes the example town: catalogue, places, pledge and measures, signed on 1 January of this year and valid
// for two years. The events are to be pushed in order by a coordinator.
func Munkfors(w *Writer) ([]*event.Event, error) {
	var x example
	if err := json.Unmarshal(munkforsJSON, &x); err != nil {
		return nil, fmt.Errorf("example town: %w", err)
	}
	if _, err := w.write(activity.TypeTown, event.ID{}, map[string]any{"name": x.Name, "slug": x.Slug}); err != nil {
		return nil, err
	}
	if err := w.catalog(&x); err != nil {
		return nil, err
	}
	for i, p := range x.Places {
		p["order"] = i
		if _, err := w.write(activity.TypePlace, event.ID{}, p); err != nil {
			return nil, err
		}
	}
	if err := w.pledge(&x); err != nil {
		return nil, err
	}
	return w.out, nil
}

func (w *Writer) catalog(x *example) error {
	fields := map[string]any{"version": 1}
	var order []any
	for _, p := range x.Parties {
		order = append(order, p.Slug)
		b, err := json.Marshal(map[string]string{"sv": p.SV, "en": p.EN})
		if err != nil {
			return err
		}
		fields["party:"+p.Slug] = string(b)
	}
	fields["parties"] = order
	for slug, raw := range x.Kinds {
		fields["kind:"+slug] = string(compact(raw))
	}
	_, err := w.write(activity.TypeCatalog, event.ID{}, fields)
	return err
}

func (w *Writer) pledge(x *example) error {
	y := w.Now.In(activity.Zone).Year()
	x.Pledge["signed_on"] = fmt.Sprintf("%d-01-01", y)
	x.Pledge["from"] = fmt.Sprintf("%d-01-01", y)
	x.Pledge["to"] = fmt.Sprintf("%d-12-31", y+1)
	x.Pledge["title"] = fmt.Sprintf("%v %d–%d", x.Pledge["title"], y, y+1)
	pledge, err := w.write(activity.TypePledge, event.ID{}, x.Pledge)
	if err != nil {
		return err
	}
	for i, m := range x.Measures {
		m["order"], m["target"] = i, "effort"
		if _, err := w.write(activity.TypeMeasure, pledge, m); err != nil {
			return err
		}
	}
	return nil
}

// write appends the first event of a new entity.
func (w *Writer) write(typ string, parent event.ID, fields map[string]any) (event.ID, error) {
	id, err := w.NewID()
	if err != nil {
		return id, err
	}
	w.n++
	w.hlc = clock.Next(w.hlc, w.Now)
	e := &event.Event{
		Version: event.Version, Town: w.Town, ID: id, Entity: id, Inc: w.Inc, N: w.n, HLC: w.hlc, By: w.By, Catalog: 1,
		New: &event.Birth{Type: typ, Parent: parent},
	}
	for name, v := range fields {
		e.Set = append(e.Set, event.Field{Name: name, Value: valueOf(v)})
	}
	slices.SortFunc(e.Set, func(a, b event.Field) int { return event.CompareUTF16(a.Name, b.Name) })
	w.out = append(w.out, e)
	return id, nil
}

func valueOf(v any) event.Value {
	switch v := v.(type) {
	case string:
		return event.Text(v)
	case int:
		return event.Int(int64(v))
	case float64: // the example has whole numbers alone
		return event.Int(int64(v))
	case bool:
		return event.Bool(v)
	case []any:
		texts := make([]string, len(v))
		for i := range v {
			texts[i] = fmt.Sprint(v[i])
		}
		return event.Texts(texts...)
	default:
		panic(fmt.Sprintf("example town: no value for %T", v))
	}
}

func compact(raw json.RawMessage) []byte {
	var v any
	if json.Unmarshal(raw, &v) != nil {
		return raw
	}
	b, err := json.Marshal(v)
	if err != nil {
		return raw
	}
	return b
}
