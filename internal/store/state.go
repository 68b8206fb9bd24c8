package store

import (
	"encoding/binary"

	"lofteslogg/internal/clock"
	"lofteslogg/internal/event"
)

const stateVersion = 1

// AppendState appends the stored form of a state.
func AppendState(b []byte, s *event.State) []byte {
	flags := byte(0)
	if s.Erased {
		flags |= 1
	}
	if s.Birth != nil {
		flags |= 2
	}
	b = append(append(b, stateVersion, flags), s.Entity[:]...)
	b = appendU64(append(b, s.By[:]...), s.Seq)
	b = appendText(b, s.Class)
	if s.Birth != nil {
		b = append(appendText(appendText(b, s.Birth.Type), s.Birth.Kind), s.Birth.Parent[:]...)
	}
	b = binary.AppendUvarint(b, uint64(len(s.Fields)))
	for i := range s.Fields {
		b = appendRegister(b, &s.Fields[i])
	}
	b = binary.AppendUvarint(b, uint64(len(s.Parked)))
	for _, p := range s.Parked {
		b = appendText(append(b, p.ID[:]...), p.Reason)
	}
	return b
}

func appendRegister(b []byte, r *event.Register) []byte {
	b = binary.AppendUvarint(appendText(b, r.Name), uint64(len(r.Heads)))
	for _, h := range r.Heads {
		b = appendU64(append(b, h.ID[:]...), uint64(h.Eff))
		b = binary.AppendUvarint(append(b, h.Inc[:]...), h.N)
		b = appendText(b, string(h.Value))
	}
	b = binary.AppendUvarint(b, uint64(len(r.Dead)))
	for _, id := range r.Dead {
		b = append(b, id[:]...)
	}
	return b
}

// ReadState reads the stored form; the state keeps no part of b.
func ReadState(b []byte) (*event.State, error) {
	in := reader{b: b}
	version, flags := in.byte(), in.byte()
	s := &event.State{Entity: in.id(), By: in.id(), Seq: in.u64(), Class: in.text(), Erased: flags&1 != 0}
	if flags&2 != 0 {
		s.Birth = &event.Birth{Type: in.text(), Kind: in.text(), Parent: in.id()}
	}
	if n := in.count(3); n > 0 {
		s.Fields = make([]event.Register, n)
		for i := range s.Fields {
			in.register(&s.Fields[i])
		}
	}
	for range in.count(17) {
		s.Parked = append(s.Parked, event.Parked{ID: in.id(), Reason: in.text()})
	}
	in.bad = in.bad || version != stateVersion
	return s, in.done("state")
}

func (r *reader) register(to *event.Register) {
	to.Name = r.text()
	for range r.count(42) {
		to.Heads = append(to.Heads, event.Head{ID: r.id(), Eff: clock.Stamp(r.u64()), Inc: r.id(), N: r.uvarint(), Value: event.Value(r.text())})
	}
	for range r.count(16) {
		to.Dead = append(to.Dead, r.id())
	}
}
