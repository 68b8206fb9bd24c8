// Package clock has hybrid logical stamps and is the only package that reads the wall clock.
//
// A stamp is 48 bits of milliseconds since 1970 and a 16-bit counter that orders what one writer did within a
// millisecond. docs/api/protocol.md says how stamps are used; a wrong clock never blocks anything.
package clock

import (
	"fmt"
	"strconv"
	"time"
)

// Stamp is a hybrid logical timestamp. Stamps compare as numbers.
type Stamp uint64

// MaxMillis is the largest number of milliseconds that a stamp can hold.
const MaxMillis = 1<<48 - 1

// At is the last stamp of a moment's millisecond, so that whatever was stamped in that millisecond is not after it.
func At(t time.Time) Stamp { return Of(t.UnixMilli(), 0xffff) }

// Of makes a stamp from milliseconds since 1970 and a counter; milliseconds outside the range are moved to its ends.
func Of(millis int64, counter uint16) Stamp {
	return Stamp(uint64(min(max(millis, 0), MaxMillis))<<16 | uint64(counter))
}

// Millis is the stamp's milliseconds since 1970.
func (s Stamp) Millis() int64 { return int64(s >> 16) }

// Time is the stamp's moment, in UTC.
func (s Stamp) Time() time.Time { return time.UnixMilli(s.Millis()).UTC() }

// String spells the stamp: twelve hexadecimal digits of milliseconds, a hyphen, four of the counter, lower case.
func (s Stamp) String() string { return fmt.Sprintf("%012x-%04x", uint64(s>>16), uint64(s&0xffff)) }

// Parse reads what String wrote, and nothing else.
func Parse(text string) (Stamp, error) {
	if len(text) != 17 || text[12] != '-' {
		return 0, fmt.Errorf("stamp %.20q: want 12 hex digits, a hyphen and 4", text)
	}
	high, err1 := strconv.ParseUint(text[:12], 16, 48)
	low, err2 := strconv.ParseUint(text[13:], 16, 16)
	s := Stamp(high<<16 | low)
	if err1 != nil || err2 != nil || s.String() != text {
		return 0, fmt.Errorf("stamp %q: not lower-case hexadecimal", text)
	}
	return s, nil
}

// MarshalText spells the stamp.
func (s Stamp) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (s *Stamp) UnmarshalText(b []byte) (err error) {
	*s, err = Parse(string(b))
	return err
}
