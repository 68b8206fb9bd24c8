package event_test

import (
	"bytes"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"lofteslogg/internal/clock"
	"lofteslogg/internal/event"
)

func drawID(t *rapid.T) (id event.ID) {
	copy(id[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "id"))
	return id
}

func drawValue(t *rapid.T, lists bool) event.Value {
	switch rapid.IntRange(0, 5).Draw(t, "what value") {
	case 0:
		return event.Int(rapid.Int64Range(-event.MaxInt, event.MaxInt).Draw(t, "number"))
	case 1:
		return event.Bool(rapid.Bool().Draw(t, "bool"))
	case 2:
		if lists {
			return drawList(t)
		}
		return event.Int(0)
	case 3:
		if lists {
			return event.Null
		}
	}
	return event.Text(drawText(t))
}

// drawText is any text but NUL, with what needs escaping more often than chance would have it.
func drawText(t *rapid.T) string {
	some := rapid.OneOf(rapid.Rune(), rapid.SampledFrom([]rune("\x01\x07\b\t\n\v\f\r\x1f\"\\/\u007f\u2028å😀\ufffd")))
	list := rapid.SliceOfN(some, 0, 12).Draw(t, "text")
	return string(slices.DeleteFunc(list, func(r rune) bool { return r == 0 }))
}

func drawList(t *rapid.T) event.Value {
	b := []byte{'['}
	for i := range rapid.IntRange(0, event.MaxList).Draw(t, "length") {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, drawValue(t, false)...)
	}
	return event.Value(append(b, ']'))
}

func drawEvent(t *rapid.T) *event.Event {
	name := rapid.StringMatching(`[a-z][a-z0-9_:.\-]{0,12}`)
	e := &event.Event{
		Version: event.Version, Town: drawID(t), ID: drawID(t), Entity: drawID(t), Inc: drawID(t), By: drawID(t),
		N: uint64(rapid.Int64Range(1, event.MaxInt).Draw(t, "n")), HLC: clock.Stamp(rapid.Uint64().Draw(t, "hlc")),
		Catalog: rapid.Int64Range(0, event.MaxInt).Draw(t, "cat"),
	}
	if rapid.Bool().Draw(t, "off is known") {
		off := rapid.Int64Range(-event.MaxInt, event.MaxInt).Draw(t, "off")
		e.Off = &off
	}
	if rapid.Bool().Draw(t, "first") {
		e.Entity, e.New = e.ID, &event.Birth{Type: name.Draw(t, "type")}
		if rapid.Bool().Draw(t, "has a kind") {
			e.New.Kind, e.New.Parent = name.Draw(t, "kind"), drawID(t)
		}
	} else if e.Entity == e.ID {
		e.Entity[0]++
	}
	for _, n := range rapid.SliceOfNDistinct(name, 0, 5, rapid.ID[string]).Draw(t, "fields") {
		f := event.Field{Name: n, Value: drawValue(t, true)}
		for range rapid.IntRange(0, 3).Draw(t, "base") {
			f.Base = append(f.Base, drawID(t))
		}
		e.Set = append(e.Set, f)
	}
	slices.SortFunc(e.Set, func(a, b event.Field) int { return event.CompareUTF16(a.Name, b.Name) })
	return e
}

func TestAnEventReadsAsItWasSpelled(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := drawEvent(t)
		b := e.Append(nil)
		got, err := event.Decode(b)
		if err != nil || !reflect.DeepEqual(got, e) {
			t.Fatalf("%s\nreads as %+v (%v)\nwas %+v", b, got, err, e)
		}
	})
}

func TestADamagedEventIsRefusedOrIsItsOwnSpelling(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := drawEvent(t).Append(nil)
		for range rapid.IntRange(1, 3).Draw(t, "blows") {
			at := rapid.IntRange(0, len(b)-1).Draw(t, "at")
			switch rapid.IntRange(0, 2).Draw(t, "blow") {
			case 0:
				b[at] = rapid.SampledFrom([]byte(` "\{}[]:,0129-aev`+"\x00\xff")).Draw(t, "byte")
			case 1:
				b = slices.Delete(b, at, at+1)
			default:
				b = slices.Insert(b, at, b[at:min(len(b), at+rapid.IntRange(1, 9).Draw(t, "length"))]...)
			}
		}
		ownSpelling(t, b)
	})
}

// ownSpelling fails when bytes are taken that the event would not be spelled as.
func ownSpelling(t interface{ Fatalf(string, ...any) }, b []byte) {
	e, err := event.Decode(b)
	if err == nil && e.Version == event.Version && !bytes.Equal(e.Append(nil), b) {
		t.Fatalf("taken: %s\nspelled: %s", b, e.Append(nil))
	}
}

func FuzzDecode(f *testing.F) {
	for _, file := range []string{"valid.json", "invalid.json"} {
		for _, d := range documents(f, file) {
			if d.Fill == 0 {
				f.Add(d.bytes())
			}
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) { ownSpelling(t, b) })
}

func FuzzParseValue(f *testing.F) {
	for _, text := range []string{`"a\n"`, `[1,"two",true]`, `null`, `-9007199254740991`, `1.0`, `[null]`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if v, err := event.ParseValue(text); err == nil && string(v) != text {
			t.Errorf("%q reads as %q", text, v)
		}
	})
}
