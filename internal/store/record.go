package store

import (
	"crypto/sha256"

	"lofteslogg/internal/clock"
	"lofteslogg/internal/event"
)

// Chain is the hash that stands for a whole history up to a seq.
type Chain [32]byte

// Record is one event in the log, with what the server knew when it came.
type Record struct {
	Again    bool        // offered again, so lateness says nothing
	Received int64       // milliseconds since 1970, wall clock of the server
	Eff      clock.Stamp // min(writer's stamp, store clock)
	Carrier  event.ID    // the account that sent it
	Via      event.ID    // the shut phone that the writer sent it from; zero when it might come in
	Nonce    [16]byte    // random, one per batch
	Salt     [16]byte    // random, one per event; erasing destroys it
	Digest   [32]byte    // SHA-256(salt ‖ bytes)
	Chain    Chain       // SHA-256(chain before ‖ digest ‖ nonce)
	Bytes    []byte      // the event as received
}

const recordVersion = 1

// The flags of a stored record.
const (
	recordAgain = 1 << iota
	recordVia
)

// Seal sets Digest and Chain from the salt, nonce and bytes.
func (r *Record) Seal(before Chain) {
	h := sha256.New()
	h.Write(r.Salt[:])
	h.Write(r.Bytes)
	h.Sum(r.Digest[:0])
	r.Chain = r.Link(before)
}

// Link is the chain that this record makes of the one before.
func (r *Record) Link(before Chain) Chain {
	var b [80]byte
	copy(b[:], before[:])
	copy(b[32:], r.Digest[:])
	copy(b[64:], r.Nonce[:])
	return sha256.Sum256(b[:])
}

// Append appends the stored form.
func (r *Record) Append(b []byte) []byte {
	flags := byte(0)
	if r.Again {
		flags |= recordAgain
	}
	if !r.Via.IsZero() {
		flags |= recordVia
	}
	b = append(b, recordVersion, flags)
	b = appendU64(appendU64(b, uint64(r.Received)), uint64(r.Eff))
	b = append(append(append(b, r.Carrier[:]...), r.Nonce[:]...), r.Salt[:]...)
	b = append(append(b, r.Digest[:]...), r.Chain[:]...)
	if !r.Via.IsZero() {
		b = append(b, r.Via[:]...)
	}
	return append(b, r.Bytes...)
}

// ReadRecord reads the stored form; Bytes shares memory with b.
func ReadRecord(b []byte) (*Record, error) {
	in := reader{b: b}
	version, flags := in.byte(), in.byte()
	r := &Record{Again: flags&recordAgain != 0, Received: int64(in.u64()), Eff: clock.Stamp(in.u64()), Carrier: in.id()}
	copy(r.Nonce[:], in.take(16))
	copy(r.Salt[:], in.take(16))
	copy(r.Digest[:], in.take(32))
	copy(r.Chain[:], in.take(32))
	if flags&recordVia != 0 {
		r.Via = in.id()
	}
	r.Bytes, in.b = in.b, nil
	in.bad = in.bad || version != recordVersion
	return r, in.done("record")
}

// Standing is what a stored event is now.
type Standing byte

// The standings of a stored event.
const (
	Folded Standing = iota + 1
	Parked
	Erased
)

// Place says where an event is and how it stands.
type Place struct {
	Seq      uint64
	Entity   event.ID
	Standing Standing
	Reason   string // of a parked one
}

// Append appends the stored form.
func (p Place) Append(b []byte) []byte {
	b = append(appendU64(b, p.Seq), p.Entity[:]...)
	return appendText(append(b, byte(p.Standing)), p.Reason)
}

// ReadPlace reads the stored form.
func ReadPlace(b []byte) (Place, error) {
	in := reader{b: b}
	p := Place{Seq: in.u64(), Entity: in.id(), Standing: Standing(in.byte()), Reason: in.text()}
	return p, in.done("place of an event")
}

// Installation is what is known of one person on one phone.
type Installation struct {
	Person   event.ID
	Contig   uint64 // no event up to this n is missing
	Max      uint64 // the largest n seen
	LastSeen int64  // ms; of the last push
	Pending  int64  // unsent events it reported then
	Oldest   int64  // ms, when the oldest of them was saved; 0 for none
}

// Append appends the stored form.
func (i Installation) Append(b []byte) []byte {
	b = appendU64(appendU64(append(b, i.Person[:]...), i.Contig), i.Max)
	return appendVarint(appendVarint(appendVarint(b, i.LastSeen), i.Pending), i.Oldest)
}

// ReadInstallation reads the stored form.
func ReadInstallation(b []byte) (Installation, error) {
	in := reader{b: b}
	i := Installation{Person: in.id(), Contig: in.u64(), Max: in.u64(), LastSeen: in.varint(), Pending: in.varint(), Oldest: in.varint()}
	return i, in.done("installation")
}
