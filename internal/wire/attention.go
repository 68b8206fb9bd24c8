package wire

import "lofteslogg/internal/event"

// Attention is what needs a look: Open is how many things wait, Items those of them that there is room for, Settled what
// somebody has decided about and can take back. Decisions is the entity to write decisions on, nil before the first.
type Attention struct {
	Open      int             `json:"open"`
	Items     []AttentionItem `json:"items"`
	Settled   []AttentionItem `json:"settled"`
	Decisions *event.ID       `json:"decisions"`
	Now       int64           `json:"now"`
}

// AttentionItem is one thing that needs a look. ID says what it is about, the same as long as it is. What is not known of
// it is left out.
type AttentionItem struct {
	ID      string     `json:"id"`
	Reason  string     `json:"reason"`
	Why     string     `json:"why,omitzero"`     // of a parked event
	E       *event.ID  `json:"e,omitzero"`       // the entity
	Other   *event.ID  `json:"other,omitzero"`   // the entity that may be the same
	Events  []event.ID `json:"events"`           // what it is about, in the order it came
	T       string     `json:"t,omitzero"`       // type of the entity
	Kind    string     `json:"kind,omitzero"`    // of an activity
	Started string     `json:"started,omitzero"` // its start, as written
	Place   string     `json:"place,omitzero"`   // entity
	Name    string     `json:"name,omitzero"`    // of an entity that has one
	Fields  []string   `json:"fields,omitzero"`  // with two answers
	Inc     *event.ID  `json:"inc,omitzero"`
	Account *event.ID  `json:"account,omitzero"`
	Role    string     `json:"role,omitzero"`  // of the account
	Party   string     `json:"party,omitzero"` // of the account
	From    uint64     `json:"from,omitzero"`  // first missing number
	To      uint64     `json:"to,omitzero"`    // last missing number
	Off     int64      `json:"off,omitzero"`   // how far the clock was ahead, ms
	Seen    int64      `json:"seen,omitzero"`  // when the phone was last heard from
	Unsent  int64      `json:"unsent,omitzero"`
	Seq     uint64     `json:"seq,omitzero"` // of the last event, where a decision names it
	At      int64      `json:"at"`           // when it came, or was last heard from
	Write   []Deciding `json:"write"`
	Decided *Decision  `json:"decided,omitzero"`
}

// Deciding is a register of the town's decisions that a decision about something is written to, and the writes of it
// that stand.
type Deciding struct {
	F    string     `json:"f"`
	Base []event.ID `json:"base"`
}

// Decision is what somebody decided about something: a register of an entity of type decisions, and the write that stands.
type Decision struct {
	F     string      `json:"f"`
	V     event.Value `json:"v"`
	At    int64       `json:"at"`
	By    event.ID    `json:"by"`
	Role  string      `json:"role"`
	Party string      `json:"party"`
}
