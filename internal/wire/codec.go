package wire

import (
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
)

// Raw is JSON that is passed on as it is; empty means null.
type Raw = jsontext.Value

// Read reads one JSON document of at most limit bytes into v and nothing after it. Errors are fault.Invalid with the
// member named, or fault.TooLarge; the reader is then at an undefined place. Errors of r itself come back as they are.
func Read(r io.Reader, limit int64, v any) error {
	limited := &limitReader{r: r, left: limit}
	err := json.UnmarshalRead(limited, v, json.RejectUnknownMembers(true), jsontext.AllowDuplicateNames(false), jsontext.AllowInvalidUTF8(false))
	switch {
	case err == nil:
		return nil
	case limited.over:
		return fault.New(fault.TooLarge, "body", "more than %d bytes", limit)
	case limited.err != nil:
		return limited.err
	}
	return invalid(err)
}

func invalid(err error) error {
	problem := fault.New(fault.Invalid, "body", "%w", err)
	var semantic *json.SemanticError
	if errors.As(err, &semantic) {
		return problem.At(string(semantic.JSONPointer))
	}
	var syntactic *jsontext.SyntacticError
	if errors.As(err, &syntactic) {
		return problem.At(string(syntactic.JSONPointer))
	}
	return problem
}

// Write writes v as JSON.
func Write(w io.Writer, v any) error {
	if err := json.MarshalWrite(w, v); err != nil {
		return fmt.Errorf("write json: %w", err)
	}
	return nil
}

// StateOf makes what travels from what is stored; nil where nothing is folded.
func StateOf(s *event.State) *State {
	if s == nil || s.Birth == nil || s.Erased {
		return nil
	}
	out := &State{T: s.Birth.Type, By: s.By, F: make(map[string]Register, len(s.Fields))}
	if s.Birth.Kind != "" {
		out.Kind = &s.Birth.Kind
	}
	if !s.Birth.Parent.IsZero() {
		out.Parent = &s.Birth.Parent
	}
	for _, r := range s.Fields {
		out.F[r.Name] = Register{H: headsOf(r.Heads), D: r.Dead}
	}
	return out
}

func headsOf(heads []event.Head) []HeadWrite {
	out := make([]HeadWrite, len(heads))
	for i, h := range heads {
		out[i] = HeadWrite{ID: h.ID, Eff: h.Eff, Inc: h.Inc, N: h.N, V: h.Value}
	}
	return out
}

// EntityOf is a stored entity as it travels.
func EntityOf(s *event.State) Entity {
	out := Entity{E: s.Entity, Seq: s.Seq, St: StateOf(s), Parked: make([]Parked, len(s.Parked))}
	for i, p := range s.Parked {
		out.Parked[i] = Parked{ID: p.ID, Why: p.Reason}
	}
	if s.Erased {
		out.Flags = []string{"erased"}
	}
	return out
}

type limitReader struct {
	r    io.Reader
	left int64
	over bool
	err  error
}

func (l *limitReader) Read(p []byte) (int, error) {
	if l.left < 0 {
		l.over = true
		return 0, errors.New("over the limit")
	}
	if int64(len(p)) > l.left+1 {
		p = p[:l.left+1]
	}
	n, err := l.r.Read(p)
	if l.left -= int64(n); l.left < 0 {
		l.over = true
		return 0, errors.New("over the limit")
	}
	if err != nil && !errors.Is(err, io.EOF) {
		l.err = err
	}
	return n, err
}
