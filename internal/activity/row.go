package activity

import (
	"encoding/binary"
	"errors"
	"slices"

	"lofteslogg/internal/event"
)

// Row is what is counted of one activity. It is derived from the state and can be rebuilt.
type Row struct {
	Entity  event.ID
	Kind    string
	Start   Minute // local; meaningless without Dated
	Minutes int32
	Number  int32 // what it counts as: meetings for a row of meetings, otherwise 1
	Parties []string
	Place   event.ID
	DupOf   event.ID // the smaller entity it doubles, or zero
	Seq     uint64
	Flags   Flag
}

// Flag is a set of facts about a row.
type Flag uint8

// The facts.
const (
	Dated    Flag = 1 << iota // it has a start
	Voided                    // taken back
	Edited                    // written to by more than its first event
	Conflict                  // some field has two answers
	Waiting                   // some event of it is parked
	Late                      // its first event came more than seven days after it was written
	Undone                    // taken back with the reason undo: hidden from lists
)

// Has tells whether all of these facts hold.
func (f Flag) Has(g Flag) bool { return f&g == g }

// RowOf reads the facts of an activity's state. late is known from the log alone.
func RowOf(s *event.State, late bool) Row {
	r := Row{Entity: s.Entity, Kind: s.Birth.Kind, Number: 1, Seq: s.Seq}
	if t, ok := ReadMoment(s.Text("started_at")); ok {
		r.Start, r.Flags = MinuteOf(t), Dated
	}
	r.Minutes = bounded(s.Value("minutes"), 0, 60*24*31)
	if !s.Value("meetings").IsNull() {
		r.Number = bounded(s.Value("meetings"), 0, 1000)
	}
	r.Parties = partiesOf(s)
	r.Place, _ = event.ParseID(s.Text("place"))
	r.DupOf, _ = event.ParseID(s.Text("dup_of"))
	r.Flags |= flagsOf(s)
	if late {
		r.Flags |= Late
	}
	return r
}

func partiesOf(s *event.State) []string {
	list, ok := s.Value("parties").AsTexts()
	if !ok {
		return nil
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func bounded(v event.Value, low, high int64) int32 {
	n, _ := v.AsInt()
	return int32(min(max(n, low), high))
}

func flagsOf(s *event.State) (f Flag) {
	if s.Retracted() {
		f |= Voided
	}
	if s.Text("retracted") == "undo" {
		f |= Undone
	}
	if len(s.Parked) > 0 {
		f |= Waiting
	}
	for i := range s.Fields {
		if s.Fields[i].Conflict() {
			f |= Conflict
		}
		for _, h := range s.Fields[i].Heads {
			if h.ID != s.Entity && s.Fields[i].Name != "retracted" {
				f |= Edited
			}
		}
	}
	return f
}

const rowVersion = 1

// Append appends the stored form.
func (r *Row) Append(b []byte) []byte {
	b = append(append(b, rowVersion, byte(r.Flags)), r.Entity[:]...)
	b = append(append(b, r.Place[:]...), r.DupOf[:]...)
	b = binary.BigEndian.AppendUint64(b, r.Seq)
	b = binary.AppendVarint(b, int64(r.Start))
	b = binary.AppendVarint(b, int64(r.Minutes))
	b = binary.AppendVarint(b, int64(r.Number))
	b = appendShort(b, r.Kind)
	for _, p := range r.Parties {
		b = appendShort(b, p)
	}
	return b
}

func appendShort(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

var errRow = errors.New("row of facts: not in the form that was written")

// ReadRow reads the stored form.
func ReadRow(b []byte) (r Row, err error) {
	rest, err := r.readNumbers(b)
	if err != nil {
		return r, err
	}
	texts, err := readShorts(rest)
	if err != nil || len(texts) == 0 {
		return r, errRow
	}
	r.Kind, r.Parties = texts[0], texts[1:]
	return r, nil
}

// readNumbers reads all but the texts, which stand last.
func (r *Row) readNumbers(b []byte) (texts []byte, err error) {
	if len(b) < 58 || b[0] != rowVersion {
		return nil, errRow
	}
	r.Flags, r.Entity, r.Place, r.DupOf = Flag(b[1]), event.ID(b[2:18]), event.ID(b[18:34]), event.ID(b[34:50])
	r.Seq, b = binary.BigEndian.Uint64(b[50:58]), b[58:]
	var numbers [3]int64
	for i := range numbers {
		n, size := binary.Varint(b)
		if size <= 0 {
			return nil, errRow
		}
		numbers[i], b = n, b[size:]
	}
	r.Start, r.Minutes, r.Number = Minute(numbers[0]), int32(numbers[1]), int32(numbers[2])
	return b, nil
}

func readShorts(b []byte) (out []string, err error) {
	for len(b) > 0 {
		n, size := binary.Uvarint(b)
		if size <= 0 || n > uint64(len(b)-size) {
			return nil, errRow
		}
		end := size + int(n)
		out, b = append(out, string(b[size:end])), b[end:]
	}
	return out, nil
}
