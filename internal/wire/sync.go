// Package wire has the JSON of the API, as docs/api/openapi.yaml says it: types, limits and strict reading.
//
// Reading refuses unknown and repeated members, other letter case, bytes that are not UTF-8, and more bytes than the
// limit after decompression. Types here carry no behaviour.
package wire

import (
	"lofteslogg/internal/clock"
	"lofteslogg/internal/event"
)

// Limits of one push, told to the phone in each reply.
const (
	MaxEvents = 500
	MaxBytes  = 1 << 20 // of a body, after decompression
)

// Head says where a town's log is and which history led there.
type Head struct {
	Epoch event.ID `json:"epoch"`
	Seq   uint64   `json:"seq"`
	Chain string   `json:"chain"` // 64 hexadecimal digits
}

// PushRequest is a batch from one installation.
type PushRequest struct {
	P         int        `json:"p"`
	Town      event.ID   `json:"town"`
	Inc       event.ID   `json:"inc"`
	Turn      int64      `json:"turn"`
	Head      *Head      `json:"head"`
	Wall      int64      `json:"wall"`
	Pending   int        `json:"pending"`
	Oldest    *int64     `json:"oldest"`
	Persisted bool       `json:"persisted"`
	App       string     `json:"app"`
	Events    []PushItem `json:"events"`
}

// PushItem is one event as it travels. ID, Inc and N repeat what stands in Ev, so that a phone's queue need not read it.
type PushItem struct {
	ID    string  `json:"id"` // text, so that one bad id costs one refusal and not the batch
	Inc   string  `json:"inc"`
	N     int64   `json:"n"`
	Seal  string  `json:"seal"`
	Ev    string  `json:"ev"`
	Sig   *string `json:"sig"`
	Again bool    `json:"again"`
}

// The outcomes of a pushed event.
const (
	ResOK      = "ok"
	ResParked  = "parked"
	ResErased  = "erased"
	ResLater   = "later"
	ResRefused = "refused"
)

// PushReply answers a push, after fsync.
type PushReply struct {
	Head    Head              `json:"head"`
	Safe    uint64            `json:"safe"`
	Now     int64             `json:"now"`
	Reoffer bool              `json:"reoffer"`
	Fork    []event.ID        `json:"fork"`
	Contig  map[string]uint64 `json:"contig"`
	Need    []string          `json:"need"`
	Res     []PushResult      `json:"res"`
	Limits  Limits            `json:"limits"`
	RetryMS int               `json:"retry_ms"`
}

// PushResult is what became of one event.
type PushResult struct {
	ID     string `json:"id"`
	C      string `json:"c"`
	Seq    uint64 `json:"seq,omitzero"`
	Why    string `json:"why,omitzero"`
	Detail string `json:"detail,omitzero"`
}

// Limits are what one push may hold.
type Limits struct {
	Events int `json:"events"`
	Bytes  int `json:"bytes"`
}

// ChangesReply is one page of the change feed.
type ChangesReply struct {
	Ents   []Entity   `json:"ents"`
	Erased []event.ID `json:"erased"`
	Next   string     `json:"next"`
	More   bool       `json:"more"`
	Head   Head       `json:"head"`
	Safe   uint64     `json:"safe"`
	Now    int64      `json:"now"`
	Tally  *Tally     `json:"tally,omitzero"`
	Reset  string     `json:"reset,omitzero"`
}

// The two ways in which a cache can be void.
const (
	ResetScope = "scope"
	ResetHead  = "head"
)

// Entity is an entity at its latest seq.
type Entity struct {
	E      event.ID `json:"e"`
	Seq    uint64   `json:"seq"`
	St     *State   `json:"st"`
	Flags  []string `json:"flags,omitzero"`
	Parked []Parked `json:"parked"`
}

// Parked is an event that is stored and not folded.
type Parked struct {
	ID  event.ID `json:"id"`
	Why string   `json:"why"`
}

// State is event.State as it travels.
type State struct {
	T      string              `json:"t"`
	Kind   *string             `json:"kind"`
	Parent *event.ID           `json:"parent"`
	By     event.ID            `json:"by"`
	F      map[string]Register `json:"f"`
}

// Register is one field of a State.
type Register struct {
	H []HeadWrite `json:"h"`
	D []event.ID  `json:"d,omitzero"`
}

// HeadWrite is a standing write.
type HeadWrite struct {
	ID  event.ID    `json:"id"`
	Eff clock.Stamp `json:"eff"`
	Inc event.ID    `json:"inc"`
	N   uint64      `json:"n"`
	V   event.Value `json:"v"`
}

// Tally tells a phone how far the pledge has come, in the promise year at the head.
type Tally struct {
	At       uint64         `json:"at"`
	Year     int            `json:"year"`
	From     string         `json:"from"`
	To       string         `json:"to"`
	Measures []TallyMeasure `json:"measures"`
}

// TallyMeasure is the number done of a measure; nil where the number is not for phones.
type TallyMeasure struct {
	E    event.ID `json:"e"`
	Done *int     `json:"done"`
}

// DigestReply is a fingerprint of what the caller may see.
type DigestReply struct {
	Head  Head   `json:"head"`
	Count uint64 `json:"count"`
	Xor   string `json:"xor"`
}

// CatalogReply is the town's catalogue of kinds, an entity like any other; nil when there is none yet.
type CatalogReply struct {
	Catalog *Entity `json:"catalog"`
}

// HistoryReply has all that happened to an entity.
type HistoryReply struct {
	E         event.ID       `json:"e"`
	State     Entity         `json:"state"`
	Events    []HistoryEvent `json:"events"`
	Decisions []Decision     `json:"decisions"` // about the entity and its events; none for those who do not see them
}

// HistoryEvent is one stored event and how it came.
type HistoryEvent struct {
	Seq         uint64      `json:"seq"`
	Received    int64       `json:"received"`
	Standing    string      `json:"standing"`
	Why         string      `json:"why,omitzero"`
	ID          event.ID    `json:"id"`
	HLC         clock.Stamp `json:"hlc"`
	By          event.ID    `json:"by"`
	Role        string      `json:"role"`
	Party       string      `json:"party"`
	CarrierSame bool        `json:"carrier_same"`
	Late        bool        `json:"late"`
	Ev          Raw         `json:"ev"`
}
