package replay

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"lofteslogg/internal/clock"
	"lofteslogg/internal/event"
	"lofteslogg/internal/store"
	"lofteslogg/internal/wire"
)

// The export's name and version, as docs/api/export.md has them.
const (
	formatName    = "lofteslogg-export"
	formatVersion = 1
)

// line is one line of an export: one of its members is there.
type line struct {
	Header       *header       `json:"header,omitempty"`
	Person       *Person       `json:"person,omitempty"`
	Installation *installation `json:"installation,omitempty"`
	Record       *record       `json:"record,omitempty"`
	End          *end          `json:"end,omitempty"`
}

type header struct {
	Format  string    `json:"format"`
	Version int       `json:"version"`
	Town    event.ID  `json:"town"`
	Head    wire.Head `json:"head"`
}

// Person is an account without its secrets, so that rights keep their meaning.
type Person struct {
	ID      event.ID `json:"id"`
	Name    string   `json:"name"`
	Role    string   `json:"role"`
	Party   string   `json:"party"`
	Created int64    `json:"created"`
	Revoked int64    `json:"revoked"`
}

type installation struct {
	ID       event.ID `json:"id"`
	Person   event.ID `json:"person"`
	LastSeen int64    `json:"last_seen"`
	Pending  int64    `json:"pending"`
	Oldest   int64    `json:"oldest"`
}

// record is a record of the log, and how its event stands. Class and at are there in the line of an entity's last event.
type record struct {
	Seq      uint64      `json:"seq"`
	Received int64       `json:"received"`
	Eff      clock.Stamp `json:"eff"`
	Carrier  event.ID    `json:"carrier"`
	Via      event.ID    `json:"via,omitzero"`
	Again    bool        `json:"again,omitempty"`
	Nonce    hexText     `json:"nonce"`
	Salt     hexText     `json:"salt"`
	Digest   hexText     `json:"digest"`
	Chain    hexText     `json:"chain"`
	Standing string      `json:"standing,omitempty"`
	Reason   string      `json:"reason,omitempty"`
	Class    string      `json:"class,omitempty"`
	At       uint64      `json:"at,omitempty"`
	Event    string      `json:"event,omitempty"` // its bytes, which are JSON themselves
}

type end struct {
	Lines int     `json:"lines"` // with this one
	Seq   uint64  `json:"seq"`
	Chain hexText `json:"chain"`
	Sum   hexText `json:"sha256"` // of all lines before this one
}

// hexText is bytes as hexadecimal digits.
type hexText []byte

// MarshalText spells the bytes.
func (h hexText) MarshalText() ([]byte, error) { return []byte(hex.EncodeToString(h)), nil }

// UnmarshalText reads what MarshalText wrote.
func (h *hexText) UnmarshalText(b []byte) (err error) {
	*h, err = hex.DecodeString(string(b))
	return err
}

var standings = map[store.Standing]string{store.Folded: "folded", store.Parked: "parked"}

func standingOf(text string) (store.Standing, error) {
	for s, name := range standings {
		if name == text {
			return s, nil
		}
	}
	return 0, fmt.Errorf("standing %q is not known", text)
}

// parse reads one line strictly.
func parse(b []byte) (l line, err error) {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&l); err != nil {
		return l, fmt.Errorf("not a line of an export: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return l, errors.New("something follows the line")
	}
	n := 0
	for _, there := range []bool{l.Header != nil, l.Person != nil, l.Installation != nil, l.Record != nil, l.End != nil} {
		if there {
			n++
		}
	}
	if n != 1 {
		return l, errors.New("want one of header, person, installation, record and end")
	}
	return l, nil
}

// stored is the record as the log has it.
func (r *record) stored() (*store.Record, error) {
	if len(r.Nonce) != 16 || len(r.Salt) != 16 || len(r.Digest) != 32 || len(r.Chain) != 32 {
		return nil, errors.New("nonce and salt want 32 hexadecimal digits, digest and chain 64")
	}
	return &store.Record{
		Again: r.Again, Received: r.Received, Eff: r.Eff, Carrier: r.Carrier, Via: r.Via, Nonce: [16]byte(r.Nonce), Salt: [16]byte(r.Salt),
		Digest: [32]byte(r.Digest), Chain: store.Chain(r.Chain), Bytes: []byte(r.Event),
	}, nil
}
