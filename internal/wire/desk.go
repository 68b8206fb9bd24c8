package wire

import "lofteslogg/internal/event"

// CodeRequest shows a code.
type CodeRequest struct {
	Code string `json:"code"`
}

// CodeReply is what a code is for. Name and Party are empty when they are not known, Account is nil when the code makes a
// new one.
type CodeReply struct {
	Role    string    `json:"role"`
	Town    Town      `json:"town"`
	Until   int64     `json:"until"`
	Parties []Party   `json:"parties"`
	Account *event.ID `json:"account"`
	Name    string    `json:"name"`
	Party   string    `json:"party"`
}

// EnrolRequest connects a phone; Token was made on it.
type EnrolRequest struct {
	Code  string   `json:"code"`
	Token string   `json:"token"`
	Inc   event.ID `json:"inc"`
	Name  string   `json:"name"`
	Party string   `json:"party"`
	App   string   `json:"app"`
}

// EnrolReply is who the phone's person is from now on.
type EnrolReply struct {
	Account event.ID `json:"account"`
	Role    string   `json:"role"`
	Town    Town     `json:"town"`
	Now     int64    `json:"now"`
}

// Me is who is asking.
type Me struct {
	Account event.ID `json:"account"`
	Name    string   `json:"name"`
	Role    string   `json:"role"`
	Party   string   `json:"party"`
	Town    Town     `json:"town"`
}

// Town is a municipality with a log.
type Town struct {
	ID   event.ID `json:"id"`
	Name string   `json:"name"`
	Slug string   `json:"slug"`
}

// Party is one that takes part, with its names.
type Party struct {
	Slug string `json:"slug"`
	SV   string `json:"sv"`
	EN   string `json:"en"`
}

// FollowUp is the pledge and how it goes in one promise year.
type FollowUp struct {
	Town     Town             `json:"town"`
	Pledge   *Pledge          `json:"pledge"`
	Year     Year             `json:"year"`
	Years    []Year           `json:"years"`
	Parties  []Party          `json:"parties"`
	Measures []MeasureFigures `json:"measures"`
	Entries  int              `json:"entries"`
	Head     Head             `json:"head"`
	Now      int64            `json:"now"`
	Received *int64           `json:"received"`
	Silent   int              `json:"silent"`
}

// Pledge is the text that was signed. Dates are local days; To is the last one.
type Pledge struct {
	E                event.ID `json:"e"`
	Title            string   `json:"title"`
	Intro            string   `json:"intro"`
	SituationPicture string   `json:"situation_picture"`
	Promise          string   `json:"promise"`
	TimeFrame        string   `json:"time_frame"`
	FollowUp         string   `json:"follow_up"`
	Source           string   `json:"source"`
	SignedOn         string   `json:"signed_on"`
	From             string   `json:"from"`
	To               string   `json:"to"`
	Forum            string   `json:"forum"`
	Cadence          string   `json:"cadence"`
	Surveys          []string `json:"surveys"`
}

// Year is one promise year, counted from 1.
type Year struct {
	N    int    `json:"n"`
	From string `json:"from"`
	To   string `json:"to"`
}

// MeasureFigures is one measure: what was promised, and what was done in the year.
type MeasureFigures struct {
	E           event.ID      `json:"e"`
	Title       string        `json:"title"`
	Short       string        `json:"short"`
	Responsible []string      `json:"responsible"`
	Condition   string        `json:"condition"`
	Kinds       []string      `json:"kinds"`
	Target      Target        `json:"target"`
	Increase    bool          `json:"increase"`
	Done        int           `json:"done"`
	Expected    *int          `json:"expected,omitzero"`
	Verdict     string        `json:"verdict,omitzero"`
	Months      []MonthFigure `json:"months"`
	Parties     []PartyFigure `json:"parties"`
}

// Target is what a measure is judged by.
type Target struct {
	Type string `json:"type"`
	Min  int    `json:"min,omitzero"`
	Per  string `json:"per,omitzero"`
}

// MonthFigure is the number done in a month.
type MonthFigure struct {
	Month  string `json:"month"`
	Done   int    `json:"done"`
	Future bool   `json:"future"`
}

// PartyFigure is the number done by one party alone, or by several ("joint").
type PartyFigure struct {
	Party string `json:"party"`
	Done  int    `json:"done"`
}

// EntriesQuery is what the entries are filtered by; zero values do not filter.
type EntriesQuery struct {
	Measure event.ID
	Kind    string
	Year    int
	Month   string
	Party   string
	Place   event.ID // and what stands for the same place
	Voided  bool     // also what was taken back
	After   string
	Limit   int
}

// EntriesReply is a page of entries; Total is of all pages.
type EntriesReply struct {
	Total   int                 `json:"total"`
	Entries []Entry             `json:"entries"`
	Next    string              `json:"next,omitzero"`
	Parties []Party             `json:"parties"`
	Kinds   map[string]KindName `json:"kinds"`
	Places  map[string]string   `json:"places"`
}

// PlacesReply has the town's places, also those that are closed or the same as another, and what phones propose.
type PlacesReply struct {
	Places    []PlaceFigures  `json:"places"`
	Proposals []PlaceProposal `json:"proposals"`
	Decisions *event.ID       `json:"decisions"` // the entity to write decisions on, nil before the first
	Parties   []Party         `json:"parties"`
	Now       int64           `json:"now"`
}

// PlaceFigures is a place and what was done there; nothing for one that stands for another.
type PlaceFigures struct {
	E         event.ID `json:"e"`
	St        State    `json:"st"`
	StandsFor event.ID `json:"stands_for"`
	Done      int      `json:"done"`
}

// PlaceProposal is a place whose first event is parked, as its writer wrote it.
type PlaceProposal struct {
	E        event.ID `json:"e"`
	St       State    `json:"st"`
	Why      string   `json:"why"`
	Received int64    `json:"received"`
	Role     string   `json:"role"`
	Party    string   `json:"party"`
	Done     int      `json:"done"`
}

// KindName is what a kind is called.
type KindName struct {
	SV   string `json:"sv"`
	EN   string `json:"en"`
	Icon string `json:"icon"`
}

// Entry is one activity in a list.
type Entry struct {
	E         event.ID `json:"e"`
	Kind      string   `json:"kind"`
	StartedAt string   `json:"started_at"`
	Minutes   int      `json:"minutes"`
	Number    int      `json:"number"`
	Place     string   `json:"place"`
	Parties   []string `json:"parties"`
	Flags     []string `json:"flags"`
	Seq       uint64   `json:"seq"`
}

// Health is what a probe reads.
type Health struct {
	OK      bool   `json:"ok"`
	Version string `json:"version"`
	Why     string `json:"why,omitzero"`
	Figures string `json:"figures,omitzero"` // FiguresLoading, or nothing
}

// FiguresLoading is what a probe is told while phones can push and the desk has to wait for the figures.
const FiguresLoading = "loading"

// Problem is an RFC 9457 document with sentences for people.
type Problem struct {
	Type      string `json:"type"`
	Title     string `json:"title"`
	Status    int    `json:"status"`
	Detail    string `json:"detail,omitzero"`
	SV        string `json:"sv"`
	EN        string `json:"en"`
	Field     string `json:"field,omitzero"`
	RequestID string `json:"request_id,omitzero"`
}

// Standing is how up to date a town is: where its log is, when the event at a seq was received, and how many
// installations have been silent for more than seven days.
type Standing struct {
	Head     Head
	Received *int64
	Silent   int
}
