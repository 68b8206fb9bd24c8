package event_test

import (
	"bytes"
	"testing"

	"lofteslogg/internal/event"
)

func nothing(string, event.Value) event.Value { return event.Null }

func TestASkeletonIsAnEventWithTheSameNamesAndBaseAndNothingWritten(t *testing.T) {
	was := &event.Event{
		Version: event.Version, Town: event.MustID("01890000-0000-7000-8000-00000000000a"), ID: event.MustID("01890000-0000-7000-8000-0000000000e1"),
		Entity: event.MustID("01890000-0000-7000-8000-0000000000e0"), Inc: event.MustID("01890000-0000-7000-8000-00000000000c"), N: 7,
		By:  event.MustID("01890000-0000-7000-8000-00000000000b"),
		Set: []event.Field{{Name: "minutes", Value: event.Int(40)}, {Name: "note", Value: event.Text("SECRET"), Base: []event.ID{event.MustID("01890000-0000-7000-8000-0000000000e0")}}},
	}
	before := was.Append(nil)
	raw := was.Skeleton(nothing).Append(nil)
	got, err := event.Decode(raw)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(raw, []byte("SECRET")) || bytes.Contains(raw, []byte("40")) {
		t.Errorf("it still says %s", raw)
	}
	if len(got.Set) != 2 || got.Set[1].Name != "note" || len(got.Set[1].Base) != 1 || got.ID != was.ID || got.N != was.N {
		t.Errorf("it is %s", raw)
	}
	if again := got.Skeleton(nothing).Append(nil); !bytes.Equal(again, raw) {
		t.Errorf("a skeleton of it is %s", again)
	}
	if !bytes.Equal(was.Append(nil), before) {
		t.Error("the event itself was changed")
	}
}
