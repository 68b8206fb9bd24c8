// Package fault names the kinds of error that callers act on.
//
// A kind is chosen where the meaning is known and turned into an HTTP status in one place,
// httpapi/problem.go. An error without a kind is Internal.
package fault

import (
	"errors"
	"fmt"
)

// Kind says what an error means to the one who asked.
type Kind int

// The kinds. Busy and Full mean "nothing was written, ask again later with the same bytes".
const (
	Internal Kind = iota // we broke a guarantee; nothing inside is shown
	Invalid              // the request cannot mean anything; Field says which part
	NotFound             // no such thing, or none that the caller may know of
	Conflict             // the thing exists and is otherwise
	Denied               // signed in, without the right
	Unsigned             // not signed in, or the token is no longer valid
	Gone                 // it existed and is used up
	TooLarge             // over a stated limit
	TooMany              // over a stated rate
	Busy                 // overloaded or not ready
	Full                 // the disk is full
)

var names = [...]string{
	Internal: "internal", Invalid: "invalid", NotFound: "not-found", Conflict: "conflict", Denied: "denied", Unsigned: "unsigned",
	Gone: "gone", TooLarge: "too-large", TooMany: "too-many", Busy: "busy", Full: "full",
}

// String is the kind's name as it stands in a problem document's type.
func (k Kind) String() string { return names[k] }

// Error is an error with a kind. Code is a stable slug under which people's sentences are found; Field names the
// part of the request at fault, when there is one.
type Error struct {
	Kind  Kind
	Code  string
	Field string
	err   error
}

func (e *Error) Error() string {
	if e.Field != "" {
		return fmt.Sprintf("%s: %s: %v", e.Kind, e.Field, e.err)
	}
	return fmt.Sprintf("%s: %v", e.Kind, e.err)
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.err }

// New makes an error of a kind. code may be empty when the kind's own sentence is enough.
func New(k Kind, code, format string, args ...any) *Error {
	return &Error{Kind: k, Code: code, err: fmt.Errorf(format, args...)}
}

// At names the field at fault.
func (e *Error) At(field string) *Error {
	e.Field = field
	return e
}

// KindOf is the kind of the first Error in err's chain, Internal when there is none.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}
