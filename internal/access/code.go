package access

import (
	"crypto/rand"
	"encoding/base32"
	"strings"
)

// Crockford's base 32 has no I, L, O and U: what is read aloud or copied from a screen comes out the same.
var crockford = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

const (
	shortLetters = 10 // of a code that is typed: 50 bits, with limited attempts
	linkLetters  = 26 // of a code in a link: 128 bits
)

// Codes are the two spellings of one invitation; using either uses up both.
type Codes struct {
	Link  string // for a link, after #k=
	Short string // to type, as ABCDE-FGHJK
	Until int64  // milliseconds since 1970
}

func newLink() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails: the program ends when there is no randomness
	return strings.ToLower(crockford.EncodeToString(b[:]))
}

func newShort() string {
	var b [7]byte
	_, _ = rand.Read(b[:])
	letters := crockford.EncodeToString(b[:])[:shortLetters]
	return letters[:shortLetters/2] + "-" + letters[shortLetters/2:]
}

// sound reads a code as a person may have typed it: any case, with hyphens and spaces, O for 0 and I or L for 1.
var sound = strings.NewReplacer("-", "", " ", "", "O", "0", "I", "1", "L", "1")

// code is one that was shown to us.
type code struct {
	digest digest
	typed  bool // short, so that somebody might guess one
	usable bool // has the length of a code
}

func readCode(text string) code {
	plain := sound.Replace(strings.ToUpper(text))
	return code{
		digest: digestOf("code", plain),
		typed:  len(plain) != linkLetters,
		usable: len(plain) == linkLetters || len(plain) == shortLetters,
	}
}
