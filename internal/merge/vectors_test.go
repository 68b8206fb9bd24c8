package merge_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"lofteslogg/internal/clock"
	"lofteslogg/internal/event"
)

// vector is a case of docs/api/vectors/fold, as its README describes it.
type vector struct {
	Name   string `json:"name"`
	Events []struct {
		ID   string                     `json:"id"`
		Inc  string                     `json:"inc"`
		N    uint64                     `json:"n"`
		Eff  int64                      `json:"eff"`
		New  json.RawMessage            `json:"new"`
		Set  map[string]json.RawMessage `json:"set"`
		Base map[string][]string        `json:"base"`
	} `json:"events"`
	Orders    json.RawMessage          `json:"orders"`
	State     map[string]vectorOfField `json:"state"`
	Born      bool                     `json:"born"`
	Retracted bool                     `json:"retracted"`
}

type vectorOfField struct {
	Heads    []string        `json:"heads"`
	Dead     []string        `json:"dead"`
	Shown    json.RawMessage `json:"shown"`
	Conflict bool            `json:"conflict"`
}

func TestTheVectorsOfTheFoldHold(t *testing.T) {
	files, err := filepath.Glob("../../docs/api/vectors/fold/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no vectors: %v", err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var list []vector
		if err := json.Unmarshal(b, &list); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for _, v := range list {
			t.Run(filepath.Base(file)+"/"+v.Name, func(t *testing.T) { v.hold(t) })
		}
	}
}

func (v *vector) hold(t *testing.T) {
	all := v.written(t)
	check := func(order []written) {
		if got := fold(order); !v.is(t, got) {
			t.Fatalf("order %v gives %+v", ids(order), got.Fields)
		}
	}
	var orders [][]string
	if json.Unmarshal(v.Orders, &orders) != nil {
		permute(all, check)
		return
	}
	for _, order := range orders {
		var list []written
		for _, short := range order {
			i := slices.IndexFunc(all, func(w written) bool { return w.ID == long(short) })
			list = append(list, all[i])
		}
		check(list)
	}
}

func (v *vector) written(t *testing.T) (out []written) {
	for _, x := range v.Events {
		e := &event.Event{Version: 1, ID: long(x.ID), Entity: long("01"), Inc: long(x.Inc), N: x.N}
		if len(x.New) > 0 {
			e.New = &event.Birth{Type: "activity"}
		}
		for name, raw := range x.Set {
			value, err := event.ParseValue(string(raw))
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			f := event.Field{Name: name, Value: value}
			for _, short := range x.Base[name] {
				f.Base = append(f.Base, long(short))
			}
			e.Set = append(e.Set, f)
		}
		slices.SortFunc(e.Set, func(a, b event.Field) int { return event.CompareUTF16(a.Name, b.Name) })
		out = append(out, written{e, clock.Of(x.Eff, 0)})
	}
	return out
}

func (v *vector) is(t *testing.T, s *event.State) bool {
	t.Helper()
	same := (s.Birth != nil) == v.Born && s.Retracted() == v.Retracted && len(s.Fields) == len(v.State)
	for name, want := range v.State {
		r := s.Register(name)
		if r == nil {
			return false
		}
		var heads []event.ID
		for _, h := range r.Heads {
			heads = append(heads, h.ID)
		}
		same = same && slices.Equal(heads, longs(want.Heads)) && slices.Equal(r.Dead, longs(want.Dead)) &&
			string(s.Value(name)) == string(want.Shown) && r.Conflict() == want.Conflict
	}
	return same
}

func long(short string) event.ID { return event.MustID("00000000-0000-7000-8000-0000000000" + short) }

func longs(list []string) (out []event.ID) {
	for _, short := range list {
		out = append(out, long(short))
	}
	return out
}
