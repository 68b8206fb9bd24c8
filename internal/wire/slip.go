package wire

import "lofteslogg/internal/event"

// Slip is what a town has of an installation, by local day of when each event was saved, the newest first. Max is the
// largest number that came. Events is nil unless a single day was asked for.
type Slip struct {
	Inc    event.ID    `json:"inc"`
	Now    int64       `json:"now"`
	Max    uint64      `json:"max"`
	Unsent *int64      `json:"unsent"`
	Said   *int64      `json:"said"`
	Days   []SlipDay   `json:"days"`
	Events []SlipEvent `json:"events,omitempty"`
}

// SlipDay is a day's set of events that were received, and of those that count in figures now. Missing are the numbers
// below those of the day that never came.
type SlipDay struct {
	Day         string `json:"day"`
	Received    int    `json:"received"`
	ReceivedSum string `json:"received_sum"`
	Counted     int    `json:"counted"`
	CountedSum  string `json:"counted_sum"`
	Missing     []Span `json:"missing"`
}

// Span is a run of numbers, both ends among them.
type Span struct {
	From uint64 `json:"from"`
	To   uint64 `json:"to"`
}

// SlipEvent is a received event. Why says why it is not counted, empty when it is.
type SlipEvent struct {
	ID       event.ID `json:"id"`
	E        event.ID `json:"e"`
	N        uint64   `json:"n"`
	Received int64    `json:"received"`
	Why      string   `json:"why,omitempty"`
}
