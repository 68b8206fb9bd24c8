package replica

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"strconv"
	"strings"

	"lofteslogg/internal/activity"
	"lofteslogg/internal/fault"
)

// cursor is where a device is in the feed, and what made it valid. Devices keep it as they got it.
type cursor struct {
	seq        uint64
	chain      [16]byte // the history's, at seq
	generation [8]byte  // the feed's
	scope      [8]byte  // a hash of the classes that the device sees
}

const cursorSize = 40

func (c cursor) zero() bool { return c == cursor{} }

// String is the opaque form.
func (c cursor) String() string {
	b := binary.BigEndian.AppendUint64(make([]byte, 0, cursorSize), c.seq)
	b = append(append(append(b, c.chain[:]...), c.generation[:]...), c.scope[:]...)
	return base64.RawURLEncoding.EncodeToString(b)
}

func readCursor(text string) (c cursor, err error) {
	if text == "" {
		return c, nil
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(b) != cursorSize {
		return c, fault.New(fault.Invalid, "cursor", "not a cursor of this API").At("cur")
	}
	c.seq = binary.BigEndian.Uint64(b)
	copy(c.chain[:], b[8:])
	copy(c.generation[:], b[24:])
	copy(c.scope[:], b[32:])
	return c, nil
}

// scopeOf is a hash of the classes that a caller sees. A coordinator sees all, whatever classes there come to be.
func scopeOf(caller Caller) (out [8]byte) {
	classes := "*"
	if !caller.Role.readsAll() {
		classes = strings.Join([]string{activity.ClassRef, activity.ClassField, activity.ClassOwn(caller.Account)}, "\x00")
	}
	sum := sha256.Sum256([]byte(classes))
	return [8]byte(sum[:8])
}

// parseSeq reads the one spelling of a seq.
func parseSeq(s string) (uint64, error) {
	n, err := strconv.ParseUint(s, 10, 53)
	if err == nil && strconv.FormatUint(n, 10) != s {
		err = strconv.ErrSyntax
	}
	return n, err
}
