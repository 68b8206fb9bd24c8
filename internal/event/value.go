package event

import (
	"fmt"
	"strings"
)

// Value is what a field was set to: a text, a whole number, true, false, null (nothing), or a list of at most
// MaxList texts, numbers and booleans. It is held as its canonical JSON, so two values are equal when they are ==.
type Value string

// MaxList is the most elements a list may have.
const MaxList = 64

// Null is the value of a field that was emptied.
const Null Value = "null"

// Text makes a text.
func Text(s string) Value { return Value(AppendText(nil, s)) }

// Int makes a number; it panics outside ±MaxInt, since that is never data but a mistake.
func Int(n int64) Value {
	if n > MaxInt || n < -MaxInt {
		panic(fmt.Sprintf("number %d does not fit in 53 bits", n))
	}
	return Value(appendInt(nil, n))
}

// Bool makes true or false.
func Bool(b bool) Value {
	if b {
		return "true"
	}
	return "false"
}

// Texts makes a list of texts.
func Texts(list ...string) Value {
	b := []byte{'['}
	for i, s := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = AppendText(b, s)
	}
	return Value(append(b, ']'))
}

// ParseValue reads a value's canonical JSON.
func ParseValue(text string) (Value, error) {
	s := scanner{b: []byte(text)}
	v, err := s.value()
	if err == nil && s.i != len(text) {
		err = fmt.Errorf("at byte %d: something follows the value", s.i)
	}
	return v, err
}

// AsText is the text, and whether the value is one.
func (v Value) AsText() (string, bool) {
	s := scanner{b: []byte(v)}
	t, err := s.text()
	return t, err == nil && s.i == len(v)
}

// AsInt is the number, and whether the value is one.
func (v Value) AsInt() (int64, bool) {
	s := scanner{b: []byte(v)}
	n, err := s.integer()
	return n, err == nil && s.i == len(v)
}

// AsTexts are the texts of a list, and whether the value is a list of texts alone.
func (v Value) AsTexts() ([]string, bool) {
	if !strings.HasPrefix(string(v), "[") {
		return nil, false
	}
	s := scanner{b: []byte(v)}
	var out []string
	err := s.array(func() error {
		t, err := s.text()
		out = append(out, t)
		return err
	})
	return out, err == nil
}

// IsNull tells whether the field was emptied or never set.
func (v Value) IsNull() bool { return v == Null || v == "" }

// MarshalJSON gives the value as it is.
func (v Value) MarshalJSON() ([]byte, error) {
	if v == "" {
		return []byte(Null), nil
	}
	return []byte(v), nil
}

// UnmarshalJSON reads canonical JSON alone.
func (v *Value) UnmarshalJSON(b []byte) (err error) {
	*v, err = ParseValue(string(b))
	return err
}

func (s *scanner) value() (Value, error) {
	start := s.i
	if s.peek() != '[' {
		err := s.scalar()
		return Value(s.b[start:s.i]), err
	}
	n := 0
	err := s.array(func() error {
		if n++; n > MaxList {
			return fmt.Errorf("a list of more than %d", MaxList)
		}
		if s.peek() == 'n' {
			return fmt.Errorf("at byte %d: null in a list", s.i)
		}
		return s.scalar()
	})
	return Value(s.b[start:s.i]), err
}
