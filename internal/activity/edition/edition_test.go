package edition_test

import (
	"encoding/json"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"lofteslogg/internal/activity/edition"
	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
	"lofteslogg/internal/pledge"
)

// example reads the catalogue of the example town, after change has had its way with the document.
func example(t *testing.T, change func(doc map[string]any)) (*edition.Edition, error) {
	t.Helper()
	raw, err := pledge.ExampleCatalog()
	var doc map[string]any
	if err = errors.Join(err, json.Unmarshal(raw, &doc)); err != nil {
		t.Fatal(err)
	}
	change(doc)
	b, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return edition.Read(b)
}

func asItIs(map[string]any) {}

// kind and field find their way in a document.
func kind(doc map[string]any, slug string) map[string]any {
	return doc["kinds"].(map[string]any)[slug].(map[string]any)
}

func field(doc map[string]any, slug, f string) map[string]any {
	for _, each := range kind(doc, slug)["fields"].([]any) {
		if m := each.(map[string]any); m["f"] == f {
			return m
		}
	}
	return nil
}

func without(doc map[string]any, slug, f string) {
	k := kind(doc, slug)
	k["fields"] = slices.DeleteFunc(k["fields"].([]any), func(each any) bool { return each.(map[string]any)["f"] == f })
}

func TestTheExampleIsAnEditionThatComesBackAsItWasWritten(t *testing.T) {
	first, err := example(t, asItIs)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := first.Document()
	if err != nil {
		t.Fatal(err)
	}
	again, err := edition.Read(doc)
	if err != nil {
		t.Fatal(err)
	}
	if _, changes, err := first.Succeed(again); err != nil || len(changes) != 0 {
		t.Errorf("%v %v", changes, err)
	}
}

func TestWhatIsWrongIsNamedByItsPlace(t *testing.T) {
	for name, c := range map[string]struct {
		change func(doc map[string]any)
		at     string
	}{
		"a member that is none": {func(d map[string]any) { kind(d, "foot_patrol")["color"] = "red" }, "kinds.foot_patrol"},
		"no English name":       {func(d map[string]any) { kind(d, "foot_patrol")["en"] = map[string]any{} }, "kinds.foot_patrol.name.en"},
		"an unknown form":       {func(d map[string]any) { field(d, "foot_patrol", "mode")["as"] = "slider" }, "kinds.foot_patrol.fields.mode.as"},
		"minutes as a text":     {func(d map[string]any) { field(d, "foot_patrol", "minutes")["as"] = "text" }, "kinds.foot_patrol.fields.minutes.as"},
		"a choice without words": {func(d map[string]any) {
			field(d, "foot_patrol", "mode")["choices"] = []any{map[string]any{"v": "tram"}}
		}, "kinds.foot_patrol.fields.mode.choices.tram."},
		"no choices": {func(d map[string]any) { delete(field(d, "foot_patrol", "mode"), "choices") }, "kinds.foot_patrol.fields.mode.choices"},
		"an answer twice": {func(d map[string]any) {
			f := field(d, "foot_patrol", "mode")
			c := f["choices"].([]any)
			f["choices"] = append(c, c[0])
		}, "kinds.foot_patrol.fields.mode.choices.foot"},
		"minutes beyond a day":   {func(d map[string]any) { field(d, "foot_patrol", "minutes")["choices"] = []any{1441} }, "kinds.foot_patrol.fields.minutes.choices.1441"},
		"a text without an end":  {func(d map[string]any) { field(d, "foot_patrol", "note")["max"] = 501 }, "kinds.foot_patrol.fields.note.max"},
		"a count without an end": {func(d map[string]any) { delete(field(d, "safety_walk", "groups"), "max") }, "kinds.safety_walk.fields.groups.max"},
		"no beginning":           {func(d map[string]any) { without(d, "safety_walk", "started_at") }, "kinds.safety_walk.fields.started_at"},
		"a text about youth at risk": {func(d map[string]any) {
			f := field(d, "youth_collaboration", "forum")
			f["as"], f["max"] = "text", 100
			delete(f, "choices")
		}, "kinds.youth_collaboration.fields.forum.as"},
		"a retired text about them": {func(d map[string]any) {
			k := kind(d, "youth_collaboration")
			k["fields"] = append(k["fields"].([]any), map[string]any{"f": "note", "as": "text", "max": 10, "until": 2})
		}, "kinds.youth_collaboration.fields.note.as"},
		"a sight that is none":        {func(d map[string]any) { kind(d, "youth_collaboration")["sight"] = "all" }, "kinds.youth_collaboration.sight"},
		"a party that the filter has": {func(d map[string]any) { d["parties"].([]any)[0].(map[string]any)["slug"] = "none" }, "parties.none.slug"},
		"a name with another meaning": {func(d map[string]any) { field(d, "foot_patrol", "mode")["f"] = "retracted" }, "kinds.foot_patrol.fields.retracted"},
		"a group that is no register name": {func(d map[string]any) {
			field(d, "safety_walk", "groups")["choices"].([]any)[0].(map[string]any)["v"] = "Boende"
		}, "kinds.safety_walk.fields.groups.choices.Boende.v"},
		"not a document": {func(d map[string]any) { d["kinds"] = 5 }, "catalogue"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := example(t, c.change)
			var f *fault.Error
			if !errors.As(err, &f) || f.Kind != fault.Invalid || !strings.HasPrefix(f.Field, c.at) {
				t.Errorf("got %v, want it at %s", err, c.at)
			}
		})
	}
}

func TestWhatANewEditionLeavesOutIsKeptAsNoLongerOffered(t *testing.T) {
	old, err := example(t, asItIs)
	if err != nil {
		t.Fatal(err)
	}
	next, err := example(t, func(d map[string]any) {
		delete(d["kinds"].(map[string]any), "andt_intervention")
		without(d, "foot_patrol", "reason")
		f := field(d, "foot_patrol", "mode")
		f["choices"] = f["choices"].([]any)[:2]
		f["sv"] = map[string]any{"label": "På vilket sätt?"}
		d["parties"] = d["parties"].([]any)[:7]
		k := kind(d, "foot_patrol")
		k["fields"] = append(k["fields"].([]any), map[string]any{"f": "dog", "as": "choice", "sv": map[string]any{"label": "Hund?"}, "en": map[string]any{"label": "Dog?"}, "choices": []any{map[string]any{"v": "yes", "sv": "Ja", "en": "Yes"}}})
	})
	if err != nil {
		t.Fatal(err)
	}
	got, changes, err := old.Succeed(next)
	if err != nil {
		t.Fatal(err)
	}
	if got.Version != old.Version+1 || got.Kinds["andt_intervention"].Until != got.Version || got.Parties[7].Until != got.Version {
		t.Errorf("version %d, kind until %d, party %+v", got.Version, got.Kinds["andt_intervention"].Until, got.Parties[7])
	}
	fields := got.Kinds["foot_patrol"].Fields
	find := func(f string) edition.Field {
		return fields[slices.IndexFunc(fields, func(each edition.Field) bool { return each.F == f })]
	}
	if find("reason").Until != got.Version || find("mode").Until != 0 || find("mode").Choices[2].Until != got.Version {
		t.Errorf("reason until %d, mode %+v", find("reason").Until, find("mode"))
	}
	var said []string
	for _, c := range changes {
		said = append(said, c.Sign+c.At)
	}
	want := []string{
		"−parties.guard", "−kinds.andt_intervention", "~kinds.foot_patrol.fields.mode", "−kinds.foot_patrol.fields.mode.choices.car",
		"+kinds.foot_patrol.fields.dog", "−kinds.foot_patrol.fields.reason",
	}
	if !slices.Equal(said, want) {
		t.Errorf("said %q", said)
	}
	if _, again, err := got.Succeed(next); err != nil || len(again) != 0 {
		t.Errorf("the same once more changes %v %v", again, err)
	}
	if back, _, err := got.Succeed(old); err != nil || back.Kinds["andt_intervention"].Until != 0 {
		t.Errorf("offered again: %v", err)
	}
}

// first is the catalogue that towns began with at first, as their states have it.
func first(t *testing.T) *event.State {
	t.Helper()
	b, err := os.ReadFile("testdata/first.json")
	var doc struct {
		Parties []struct{ Slug, SV, EN string }
		Kinds   map[string]json.RawMessage
	}
	if err = errors.Join(err, json.Unmarshal(b, &doc)); err != nil {
		t.Fatal(err)
	}
	s := &event.State{}
	put := func(name string, v event.Value) { s.Ensure(name).Heads = []event.Head{{Value: v}} }
	put("version", event.Int(1))
	var order []string
	for _, p := range doc.Parties {
		order = append(order, p.Slug)
		b, _ := json.Marshal(map[string]string{"sv": p.SV, "en": p.EN})
		put("party:"+p.Slug, event.Text(string(b)))
	}
	put("parties", event.Texts(order...))
	for slug, raw := range doc.Kinds {
		put("kind:"+slug, event.Text(string(raw)))
	}
	return s
}

func TestATownOfTheFirstCatalogueGetsTheExamplesNewFields(t *testing.T) {
	example, err := example(t, asItIs)
	if err != nil {
		t.Fatal(err)
	}
	next, changes, err := edition.Of(first(t)).Succeed(example)
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, c := range changes {
		said = append(said, c.Sign+strings.TrimPrefix(c.At, "kinds."))
	}
	want := []string{
		"+andt_prevention.fields.grade.choices.4", "+andt_prevention.fields.grade.choices.5", "+foot_patrol.fields.topics", "~foot_patrol.fields.mode",
		"+safety_walk.fields.weather", "+safety_walk.fields.groups", "+safety_walk.fields.route", "−safety_walk.fields.participants",
		"~youth_collaboration.fields.forum", "~youth_collaboration.fields.forum.choices.sspf", "~youth_collaboration.fields.forum.choices.sig", "+youth_collaboration.fields.forum.choices.three_party",
	}
	if !slices.Equal(said, want) {
		t.Errorf("said %q", said)
	}
	doc, err := next.Document()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := edition.Read(doc); err != nil {
		t.Errorf("what is published could not be printed and published again: %v", err)
	}
}

func TestASlugNeverChangesItsMeaning(t *testing.T) {
	old, err := example(t, asItIs)
	if err != nil {
		t.Fatal(err)
	}
	for at, change := range map[string]func(doc map[string]any){
		"kinds.foot_patrol.fields.mode.as": func(d map[string]any) { field(d, "foot_patrol", "mode")["as"] = "choices" },
		"kinds.safety_walk.sight":          func(d map[string]any) { kind(d, "safety_walk")["sight"] = "own" },
	} {
		next, err := example(t, change)
		if err != nil {
			t.Fatal(err)
		}
		_, _, err = old.Succeed(next)
		var f *fault.Error
		if !errors.As(err, &f) || f.Field != at {
			t.Errorf("got %v, want it at %s", err, at)
		}
	}
}

func TestOnlyWhatDiffersIsWrittenOnTopOfWhatWasShown(t *testing.T) {
	first, err := example(t, asItIs)
	if err != nil {
		t.Fatal(err)
	}
	id := event.MustID("01930000-0000-7000-8000-000000000001")
	s := &event.State{}
	writes, err := first.Writes(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range writes {
		s.Ensure(f.Name).Heads = []event.Head{{ID: id, Value: f.Value}}
	}
	s.Ensure("kind:later").Heads = []event.Head{{ID: id, Value: event.Text(`{"sv":{"name":"Senare"},"en":{"name":"Later"},"sight":"own","icon":"x","order":9,"fields":[],"colour":"red"}`)}}
	now := edition.Of(s)
	next, err := example(t, func(d map[string]any) { kind(d, "foot_patrol")["order"] = 7 })
	if err != nil {
		t.Fatal(err)
	}
	next.Kinds["later"] = now.Kinds["later"]
	got, _, err := now.Succeed(next)
	if err != nil {
		t.Fatal(err)
	}
	writes, err = got.Writes(s)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, w := range writes {
		names = append(names, w.Name)
		if !slices.Equal(w.Base, []event.ID{id}) {
			t.Errorf("%s has base %v", w.Name, w.Base)
		}
	}
	if !slices.Equal(names, []string{"kind:foot_patrol", "version"}) {
		t.Errorf("writes %q", names)
	}
}
