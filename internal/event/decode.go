package event

import (
	"errors"
	"fmt"
	"slices"

	"lofteslogg/internal/clock"
)

// Decode reads an event's canonical bytes. Anything else is an error that says what: a member that is missing,
// unknown or in the wrong place, a second spelling, a fraction, a limit. Of a version later than Version only
// town, id, e, inc, n, hlc, by and v are read, and the rest must merely be canonical. The event keeps no part of b.
func Decode(b []byte) (*Event, error) {
	if len(b) > MaxBytes {
		return nil, fmt.Errorf("an event of %d bytes; at most %d are taken", len(b), MaxBytes)
	}
	d := decoder{scanner: scanner{b: b}}
	version, err := versionOf(b)
	if err != nil {
		return nil, err
	}
	d.e.Version = version
	if err := d.object(d.member); err != nil {
		return nil, err
	}
	if d.i != len(b) {
		return nil, fmt.Errorf("at byte %d: something follows the event", d.i)
	}
	if err := d.finish(); err != nil {
		return nil, err
	}
	return &d.e, nil
}

type decoder struct {
	scanner
	e    Event
	base []Field
	seen []string
}

// versionOf looks ahead, since "v" is the last member of version 1.
func versionOf(b []byte) (int, error) {
	s := scanner{b: b}
	version := int64(0)
	err := s.object(func(name string) (err error) {
		if name == "v" {
			version, err = s.integer()
			return err
		}
		return s.skip(maxDepth)
	})
	if err != nil {
		return 0, err
	}
	if version < 1 || version > 1<<20 {
		return 0, errors.New("v: missing, or not a version")
	}
	return int(version), nil
}

func (d *decoder) member(name string) (err error) {
	d.seen = append(d.seen, name)
	switch name {
	case "base":
		err = d.known(d.readBase)
	case "by":
		err = d.id(&d.e.By)
	case "cat":
		err = d.known(func() error { return d.number(&d.e.Catalog) })
	case "e":
		err = d.id(&d.e.Entity)
	case "hlc":
		err = d.stamp()
	case "id":
		err = d.id(&d.e.ID)
	case "inc":
		err = d.id(&d.e.Inc)
	case "n":
		err = d.readN()
	case "new":
		err = d.known(d.readNew)
	case "off":
		err = d.known(d.readOff)
	case "set":
		err = d.known(d.readSet)
	case "town":
		err = d.id(&d.e.Town)
	case "v":
		_, err = d.integer()
	default:
		if d.e.Version == Version {
			return fmt.Errorf("%q is not a member of an event", clip(name))
		}
		return d.skip(maxDepth)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// known reads a member whose form belongs to version 1, and merely skips it in later ones.
func (d *decoder) known(read func() error) error {
	if d.e.Version != Version {
		return d.skip(maxDepth)
	}
	return read()
}

func (d *decoder) id(to *ID) error {
	text, err := d.text()
	if err == nil {
		*to, err = ParseID(text)
	}
	return err
}

func (d *decoder) number(to *int64) error {
	n, err := d.integer()
	if err == nil && n < 0 {
		err = errors.New("less than nothing")
	}
	*to = n
	return err
}

func (d *decoder) readN() error {
	n, err := d.integer()
	if err == nil && n < 1 {
		err = errors.New("counts from 1")
	}
	d.e.N = uint64(max(n, 0))
	return err
}

func (d *decoder) stamp() error {
	text, err := d.text()
	if err == nil {
		d.e.HLC, err = clock.Parse(text)
	}
	return err
}

func (d *decoder) readOff() error {
	if d.peek() == 'n' {
		return d.literal("null")
	}
	n, err := d.integer()
	d.e.Off = &n
	return err
}

func (d *decoder) readNew() error {
	n := &Birth{}
	d.e.New = n
	count := 0
	err := d.object(func(name string) error {
		count++
		switch name {
		case "kind":
			if d.peek() == 'n' {
				return d.literal("null")
			}
			return d.name(&n.Kind)
		case "parent":
			if d.peek() == 'n' {
				return d.literal("null")
			}
			return d.id(&n.Parent)
		case "t":
			return d.name(&n.Type)
		}
		return fmt.Errorf("%q is not a member of it", clip(name))
	})
	if err == nil && count != 3 {
		err = errors.New("needs kind, parent and t")
	}
	return err
}

func (d *decoder) readSet() error {
	return d.object(func(name string) error {
		if err := checkName(name); err != nil {
			return err
		}
		v, err := d.value()
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		d.e.Set = append(d.e.Set, Field{Name: name, Value: v})
		return nil
	})
}

func (d *decoder) readBase() error {
	return d.object(func(name string) error {
		f := Field{Name: name}
		err := d.array(func() error {
			var id ID
			if len(f.Base) == MaxBase {
				return fmt.Errorf("%s: more than %d ids", name, MaxBase)
			}
			err := d.id(&id)
			f.Base = append(f.Base, id)
			return err
		})
		d.base = append(d.base, f)
		return err
	})
}

func (d *decoder) name(to *string) error {
	text, err := d.text()
	if err == nil {
		err = checkName(text)
	}
	*to = text
	return err
}

func checkName(name string) error {
	if name == "" || len(name) > MaxName || name[0] < 'a' || name[0] > 'z' {
		return fmt.Errorf("%q is not a name", clip(name))
	}
	for _, c := range []byte(name) {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' && c != ':' && c != '-' && c != '.' {
			return fmt.Errorf("%q is not a name", clip(name))
		}
	}
	return nil
}

var everyVersion = []string{"by", "e", "hlc", "id", "inc", "n", "town", "v"}

var versionOne = []string{"base", "by", "cat", "e", "hlc", "id", "inc", "n", "off", "set", "town", "v"}

func (d *decoder) finish() error {
	need := everyVersion
	if d.e.Version == Version {
		need = versionOne
	}
	for _, name := range need {
		if !slices.Contains(d.seen, name) {
			return fmt.Errorf("%s: missing", name)
		}
	}
	if d.e.Version != Version {
		return nil
	}
	if d.e.First() != (d.e.New != nil) {
		return errors.New("new: stands in the entity's first event, whose id is the entity's, and in no other")
	}
	return d.joinBase()
}

func (d *decoder) joinBase() error {
	for _, b := range d.base {
		i := slices.IndexFunc(d.e.Set, func(f Field) bool { return f.Name == b.Name })
		if i < 0 {
			return fmt.Errorf("base: %q is not set", clip(b.Name))
		}
		if len(b.Base) == 0 {
			return fmt.Errorf("base: %q is empty; leave it out", clip(b.Name))
		}
		d.e.Set[i].Base = b.Base
	}
	return nil
}
