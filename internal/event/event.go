// Package event is the ground floor: what people wrote, as immutable events, and what an entity is, as a state.
//
// It knows no word of the domain. An event is canonical JSON (RFC 8785), stored and hashed as the bytes that were
// received; docs/api/protocol.md is the authority on the format, which is for ever.
package event

import (
	"lofteslogg/internal/clock"
)

// Limits of an event, checked when it is decoded.
const (
	Version  = 1
	MaxBytes = 64 << 10
	MaxBase  = 64 // ids per field that a write says it was shown
	MaxName  = 100
)

// Event is one thing that one person wrote. It never changes.
type Event struct {
	Version int         // of the envelope; above Version only the members that every version has are read
	Town    ID          // whose log this is
	ID      ID          // its identity, and the only one
	Entity  ID          // what it is about; equal to ID in the entity's first event alone
	Inc     ID          // the installation: one person on one phone, desk or command line
	N       uint64      // counts the installation's events from 1
	HLC     clock.Stamp // the writer's clock
	Off     *int64      // how far that clock was known to be ahead of the server's, in milliseconds
	By      ID          // the account
	Catalog int64       // version of the catalogue of kinds it was written with
	New     *Birth      // in the entity's first event, and no other
	Set     []Field     // in order of name
}

// Birth is what an entity's first event fixes for good.
type Birth struct {
	Type   string
	Kind   string // empty where the type has no kinds
	Parent ID     // zero when there is none
}

// Field is one register that an event writes, and the writes whose values its writer was shown.
type Field struct {
	Name  string
	Value Value
	Base  []ID
}

// First tells whether this is its entity's first event.
func (e *Event) First() bool { return e.ID == e.Entity }

// Append appends the event's canonical bytes.
func (e *Event) Append(b []byte) []byte {
	b = append(b, `{"base":{`...)
	first := true
	for _, f := range e.Set {
		if len(f.Base) == 0 {
			continue
		}
		if !first {
			b = append(b, ',')
		}
		b = append(AppendText(b, f.Name), ':')
		b = appendIDs(b, f.Base)
		first = false
	}
	b = append(appendID(b, `},"by":`, e.By), `,"cat":`...)
	b = appendInt(b, e.Catalog)
	b = appendID(b, `,"e":`, e.Entity)
	b = append(append(append(b, `,"hlc":"`...), e.HLC.String()...), '"')
	b = appendID(b, `,"id":`, e.ID)
	b = appendID(b, `,"inc":`, e.Inc)
	b = appendInt(append(b, `,"n":`...), int64(e.N))
	if e.New != nil {
		b = e.New.append(append(b, `,"new":`...))
	}
	b = append(b, `,"off":`...)
	if e.Off == nil {
		b = append(b, Null...)
	} else {
		b = appendInt(b, *e.Off)
	}
	b = append(b, `,"set":{`...)
	for i, f := range e.Set {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(AppendText(b, f.Name), ':'), f.Value...)
	}
	b = appendID(b, `},"town":`, e.Town)
	return append(appendInt(append(b, `,"v":`...), int64(e.Version)), '}')
}

func (n *Birth) append(b []byte) []byte {
	b = append(b, `{"kind":`...)
	if n.Kind == "" {
		b = append(b, Null...)
	} else {
		b = AppendText(b, n.Kind)
	}
	if n.Parent.IsZero() {
		b = append(b, `,"parent":null`...)
	} else {
		b = appendID(b, `,"parent":`, n.Parent)
	}
	return append(AppendText(append(b, `,"t":`...), n.Type), '}')
}

func appendID(b []byte, name string, id ID) []byte {
	return append(append(append(append(b, name...), '"'), id.String()...), '"')
}
