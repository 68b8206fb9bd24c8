package event

import (
	"bytes"
	"fmt"

	"github.com/google/uuid"
)

// ID is a UUID: of an event, an entity, an account, an installation or a town. Ids of events and entities are
// version 7, made where the event is made; nothing relies on the time in them.
type ID uuid.UUID

// NewID makes a version 7 id. It fails only when the system has no randomness.
func NewID() (ID, error) {
	u, err := uuid.NewV7()
	return ID(u), err
}

// ParseID reads the one spelling that is canonical: 36 characters, lower case, with hyphens.
func ParseID(s string) (ID, error) {
	if len(s) != 36 {
		return ID{}, fmt.Errorf("id %q: not 36 characters", clip(s))
	}
	u, err := uuid.Parse(s)
	if err != nil || u.String() != s {
		return ID{}, fmt.Errorf("id %q: not a lower-case uuid", clip(s))
	}
	return ID(u), nil
}

// MustID is ParseID for constants in tests and seeds; it panics on a bad one.
func MustID(s string) ID {
	id, err := ParseID(s)
	if err != nil {
		panic(err)
	}
	return id
}

// String is the canonical spelling.
func (id ID) String() string { return uuid.UUID(id).String() }

// IsZero tells whether the id was never set.
func (id ID) IsZero() bool { return id == ID{} }

// Compare orders ids by their bytes, which is also the order of their spellings.
func (id ID) Compare(o ID) int { return bytes.Compare(id[:], o[:]) }

// MarshalText spells the id for JSON and logs.
func (id ID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText reads what MarshalText wrote, and nothing else.
func (id *ID) UnmarshalText(b []byte) (err error) {
	*id, err = ParseID(string(b))
	return err
}

func clip(s string) string {
	if len(s) > 40 {
		return s[:40]
	}
	return s
}
