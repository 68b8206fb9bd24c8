package event

import (
	"errors"
	"fmt"
	"strconv"
	"unicode/utf8"
)

// MaxInt is the largest whole number that every JSON reader understands exactly; -MaxInt is the smallest.
const MaxInt = 1<<53 - 1

const maxDepth = 8

// scanner reads canonical JSON (RFC 8785) and nothing else: no spaces, members in order and once, shortest escapes,
// whole numbers only. A document has one spelling, so a second spelling of the same thing cannot pass.
type scanner struct {
	b []byte
	i int
}

var errShort = errors.New("ends too early")

func (s *scanner) peek() byte {
	if s.i < len(s.b) {
		return s.b[s.i]
	}
	return 0
}

func (s *scanner) expect(c byte) error {
	if s.i >= len(s.b) {
		return errShort
	}
	if s.b[s.i] != c {
		return fmt.Errorf("at byte %d: want %q", s.i, c)
	}
	s.i++
	return nil
}

// object calls member for each member in order; member must consume the value.
func (s *scanner) object(member func(name string) error) error {
	if err := s.expect('{'); err != nil {
		return err
	}
	last, first := "", true
	for s.peek() != '}' {
		if !first {
			if err := s.expect(','); err != nil {
				return err
			}
		}
		name, err := s.text()
		if err != nil {
			return err
		}
		if !first && CompareUTF16(last, name) >= 0 {
			return fmt.Errorf("member %q is repeated or out of order", clip(name))
		}
		if err := s.expect(':'); err != nil {
			return err
		}
		if err := member(name); err != nil {
			return err
		}
		last, first = name, false
	}
	s.i++
	return nil
}

func (s *scanner) array(element func() error) error {
	if err := s.expect('['); err != nil {
		return err
	}
	for first := true; s.peek() != ']'; first = false {
		if !first {
			if err := s.expect(','); err != nil {
				return err
			}
		}
		if err := element(); err != nil {
			return err
		}
	}
	s.i++
	return nil
}

func (s *scanner) integer() (int64, error) {
	start := s.i
	if s.peek() == '-' {
		s.i++
	}
	for c := s.peek(); c >= '0' && c <= '9'; c = s.peek() {
		s.i++
	}
	digits := string(s.b[start:s.i])
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || n > MaxInt || n < -MaxInt || strconv.FormatInt(n, 10) != digits {
		return 0, fmt.Errorf("at byte %d: want a whole number of at most 53 bits", start)
	}
	if c := s.peek(); c == '.' || c == 'e' || c == 'E' {
		return 0, fmt.Errorf("at byte %d: fractions have no place here", start)
	}
	return n, nil
}

func (s *scanner) literal(word string) error {
	if len(s.b)-s.i < len(word) || string(s.b[s.i:s.i+len(word)]) != word {
		return fmt.Errorf("at byte %d: want %s", s.i, word)
	}
	s.i += len(word)
	return nil
}

func (s *scanner) text() (string, error) {
	if err := s.expect('"'); err != nil {
		return "", err
	}
	start := s.i
	for s.i < len(s.b) {
		switch c := s.b[s.i]; {
		case c == '"':
			s.i++
			return string(s.b[start : s.i-1]), nil
		case c == '\\':
			return s.escapedText(start)
		case c < 0x20:
			return "", fmt.Errorf("at byte %d: a control character must be escaped", s.i)
		case c < utf8.RuneSelf:
			s.i++
		default:
			if err := s.rune(); err != nil {
				return "", err
			}
		}
	}
	return "", errShort
}

func (s *scanner) rune() error {
	r, n := utf8.DecodeRune(s.b[s.i:])
	if r == utf8.RuneError && n <= 1 {
		return fmt.Errorf("at byte %d: not UTF-8", s.i)
	}
	s.i += n
	return nil
}

func (s *scanner) escapedText(start int) (string, error) {
	out := append([]byte(nil), s.b[start:s.i]...)
	for s.i < len(s.b) {
		switch c := s.b[s.i]; {
		case c == '"':
			s.i++
			return string(out), nil
		case c == '\\':
			r, err := s.escape()
			if err != nil {
				return "", err
			}
			out = append(out, r)
		case c < 0x20:
			return "", fmt.Errorf("at byte %d: a control character must be escaped", s.i)
		default:
			from := s.i
			if err := s.rune(); err != nil {
				return "", err
			}
			out = append(out, s.b[from:s.i]...)
		}
	}
	return "", errShort
}

// escape reads one escape: the short ones where JSON has them, \u00xx for the other control characters but NUL.
func (s *scanner) escape() (byte, error) {
	rest := s.b[s.i:]
	if len(rest) < 2 {
		return 0, errShort
	}
	for c, short := range shortEscapes {
		if short != 0 && rest[1] == short {
			s.i += 2
			return byte(c), nil
		}
	}
	if len(rest) >= 6 && string(rest[1:4]) == "u00" {
		n, err := strconv.ParseUint(string(rest[4:6]), 16, 8)
		if err == nil && n > 0 && n < 0x20 && shortEscapes[n] == 0 && fmt.Sprintf("%02x", n) == string(rest[4:6]) {
			s.i += 6
			return byte(n), nil
		}
	}
	return 0, fmt.Errorf("at byte %d: not the canonical escape", s.i)
}

// skip reads any canonical value, to a depth; for documents of a version that this build does not know.
func (s *scanner) skip(depth int) error {
	if depth == 0 {
		return fmt.Errorf("at byte %d: nested deeper than %d", s.i, maxDepth)
	}
	switch s.peek() {
	case '{':
		return s.object(func(string) error { return s.skip(depth - 1) })
	case '[':
		return s.array(func() error { return s.skip(depth - 1) })
	default:
		return s.scalar()
	}
}

func (s *scanner) scalar() (err error) {
	switch s.peek() {
	case '"':
		_, err = s.text()
	case 't':
		err = s.literal("true")
	case 'f':
		err = s.literal("false")
	case 'n':
		err = s.literal("null")
	default:
		_, err = s.integer()
	}
	return err
}
