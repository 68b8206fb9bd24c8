package wire

import "lofteslogg/internal/event"

// PeopleReply is who may come in to a town, and by what.
type PeopleReply struct {
	People  []Person `json:"people"`
	Parties []Party  `json:"parties"`
	Now     int64    `json:"now"`
}

// Person is an account. Revoked is when it was shut, Desk when one of its open desks was last heard from.
type Person struct {
	Account event.ID `json:"account"`
	Name    string   `json:"name"`
	Role    string   `json:"role"`
	Party   string   `json:"party"`
	Created int64    `json:"created"`
	Revoked *int64   `json:"revoked"`
	Desk    *int64   `json:"desk"`
	Phones  []Phone  `json:"phones"`
}

// Phone is a phone that was connected. What it says of its queue is nil before it has said it; Said is when it last did, which
// a phone that is shut does no more.
type Phone struct {
	ID        event.ID   `json:"id"`
	Incs      []event.ID `json:"incs"`
	App       string     `json:"app"`
	Created   int64      `json:"created"`
	Seen      int64      `json:"seen"`
	Unsent    *int64     `json:"unsent"`
	Oldest    *int64     `json:"oldest"`
	Said      *int64     `json:"said"`
	Persisted bool       `json:"persisted"`
	Silent    bool       `json:"silent"`
	Revoked   *int64     `json:"revoked"`
	Left      *int64     `json:"left"`
}

// InvitationRequest asks for a link; with an account, for one more way in for somebody who is known.
type InvitationRequest struct {
	Role    string    `json:"role"`
	Name    string    `json:"name,omitempty"`
	Party   string    `json:"party,omitempty"`
	Account *event.ID `json:"account,omitempty"`
}

// InvitationReply is a link, and the same to type. Neither is shown again.
type InvitationReply struct {
	Link  string `json:"link"`
	Code  string `json:"code"`
	Role  string `json:"role"`
	Until int64  `json:"until"`
}

// PersonRequest changes a person; what is left out stays.
type PersonRequest struct {
	Name  *string `json:"name,omitempty"`
	Party *string `json:"party,omitempty"`
	Role  *string `json:"role,omitempty"`
}
