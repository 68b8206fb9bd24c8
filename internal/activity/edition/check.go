package edition

import (
	"fmt"
	"maps"
	"regexp"
	"slices"

	"lofteslogg/internal/fault"
)

// Limits of one document.
const (
	mostChoices = 64
	longestText = 500
	longestWord = 80
	mostMinutes = 1440
)

var (
	slugForm   = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)
	answerForm = regexp.MustCompile(`^[A-Za-z0-9<>][A-Za-z0-9_.<>+-]{0,39}$`)
	groupForm  = regexp.MustCompile(`^[a-z0-9][a-z0-9_.-]{0,39}$`) // a part of a register's name
	readable   = regexp.MustCompile(`^[0-9<>+-]+$`)                // an answer that needs no words
)

// forms are the ways in which a question can be asked.
var forms = []string{"moment", "duration", "place", "parties", "count", "counts", "band", "choice", "choices", "text"}

// meant are fields that figures are counted from, or that the app has words for: they mean the same in every kind.
var meant = map[string]string{
	"started_at": "moment", "minutes": "duration", "place": "place", "parties": "parties", "meetings": "count",
	"people_out": "count", "contacts": "band", "topics": "choices", "note": "text",
}

// named are the fields that the app has labels for.
var named = []string{"started_at", "minutes", "place", "parties", "people_out", "contacts", "topics", "note"}

// reserved are names with a meaning for every entry.
var reserved = []string{"retracted", "dup_of", "measures"}

func wrong(at, format string, args ...any) error {
	return fault.New(fault.Invalid, "", format, args...).At(at)
}

// check finds the first thing that is wrong, in the order of the document.
func (e *Edition) check() error {
	if e.Version < 0 {
		return wrong("version", "want a whole number from 0")
	}
	if err := checkParties(e.Parties); err != nil {
		return err
	}
	offered := 0
	for _, slug := range slices.Sorted(maps.Keys(e.Kinds)) {
		k, at := e.Kinds[slug], "kinds."+slug
		if !slugForm.MatchString(slug) {
			return wrong(at, "a slug is a-z, 0-9 and _, at most 40, and begins with a letter")
		}
		if err := k.check(at); err != nil {
			return err
		}
		if k.Until == 0 {
			offered++
		}
	}
	if offered == 0 {
		return wrong("kinds", "want at least one that is offered")
	}
	return nil
}

func checkParties(list []Party) error {
	seen := map[string]bool{"joint": true, "none": true} // words of the entries' filter
	for i, p := range list {
		at := fmt.Sprintf("parties.%d", i)
		if slugForm.MatchString(p.Slug) {
			at = "parties." + p.Slug
		}
		switch {
		case !slugForm.MatchString(p.Slug):
			return wrong(at+".slug", "want a-z, 0-9 and _, beginning with a letter")
		case seen[p.Slug]:
			return wrong(at+".slug", "there twice, or a word with another meaning")
		case p.Until < 0:
			return wrong(at+".until", "want the version from which it is no longer offered")
		}
		if err := bothWords(at, p.SV, p.EN); err != nil {
			return err
		}
		seen[p.Slug] = true
	}
	if !slices.ContainsFunc(list, func(p Party) bool { return p.Until == 0 }) {
		return wrong("parties", "want at least one that is offered")
	}
	return nil
}

func bothWords(at, sv, en string) error {
	for _, each := range []struct{ lang, word string }{{"sv", sv}, {"en", en}} {
		if each.word == "" || len([]rune(each.word)) > longestWord {
			return wrong(at+"."+each.lang, "want words of 1 to %d characters, in Swedish and in English", longestWord)
		}
	}
	return nil
}

func (k *Kind) check(at string) error {
	if err := bothWords(at+".name", k.SV.Name, k.EN.Name); err != nil {
		return err
	}
	switch {
	case !slices.Contains([]string{"own", "field", "restricted"}, k.Sight):
		return wrong(at+".sight", "want own, field or restricted")
	case k.Until < 0:
		return wrong(at+".until", "want the version from which it is no longer offered")
	}
	seen := map[string]bool{}
	for i := range k.Fields {
		f := &k.Fields[i]
		at := at + ".fields." + f.F
		if !slugForm.MatchString(f.F) {
			return wrong(fmt.Sprintf("%s%d.f", at, i), "want a-z, 0-9 and _, beginning with a letter")
		}
		if seen[f.F] {
			return wrong(at, "there twice")
		}
		seen[f.F] = true
		if k.Sight == "restricted" && f.As == "text" {
			return wrong(at+".as", "a kind that is restricted can have no text: nothing about individuals may be written")
		}
		if err := f.check(at); err != nil {
			return err
		}
	}
	if i := slices.IndexFunc(k.Fields, func(f Field) bool { return f.F == "started_at" }); i < 0 || !k.Fields[i].Need || k.Fields[i].Until != 0 {
		return wrong(at+".fields.started_at", "every kind asks when it was, as a moment that is needed")
	}
	return nil
}

func (f *Field) check(at string) error {
	switch as := meant[f.F]; {
	case slices.Contains(reserved, f.F):
		return wrong(at, "the name has another meaning")
	case !slices.Contains(forms, f.As):
		return wrong(at+".as", "want one of %v", forms)
	case as != "" && as != f.As:
		return wrong(at+".as", "%s is %s in every kind", f.F, as)
	case f.Until < 0 || f.Until > 0 && f.Need:
		return wrong(at+".until", "want the version from which it is no longer asked, and then it is not needed")
	}
	if err := f.checkWords(at); err != nil {
		return err
	}
	if err := f.checkRange(at); err != nil {
		return err
	}
	return f.checkChoices(at + ".choices")
}

func (f *Field) checkWords(at string) error {
	if f.SV == nil && f.EN == nil && slices.Contains(named, f.F) {
		return nil
	}
	if f.SV == nil || f.EN == nil {
		return wrong(at, "want sv and en, with a label each")
	}
	return bothWords(at+".label", f.SV.Label, f.EN.Label)
}

func (f *Field) checkRange(at string) error {
	low, high := 0, 0
	if f.Min != nil {
		low = *f.Min
	}
	if f.Max != nil {
		high = *f.Max
	}
	switch f.As {
	case "count", "counts":
		if f.Max == nil || low < 0 || high < 1 || high < low || high > 100_000 {
			return wrong(at+".max", "want min and max from 0 to 100000, the larger last")
		}
	case "text":
		if f.Min != nil || f.Max == nil || high < 1 || high > longestText {
			return wrong(at+".max", "want at most 1 to %d characters", longestText)
		}
	default:
		if f.Min != nil || f.Max != nil {
			return wrong(at+".max", "%s has no min and no max", f.As)
		}
	}
	return nil
}

func (f *Field) checkChoices(at string) error {
	switch f.As {
	case "band", "choice", "choices", "counts", "duration":
	default:
		if f.Choices != nil {
			return wrong(at, "%s has no choices", f.As)
		}
		return nil
	}
	if f.Choices == nil || len(f.Choices) > mostChoices {
		return wrong(at, "want 1 to %d", mostChoices)
	}
	seen := map[string]bool{}
	for _, c := range f.Choices {
		if seen[c.V] {
			return wrong(at+"."+c.V, "there twice")
		}
		seen[c.V] = true
		if err := f.checkChoice(at+"."+c.V, c); err != nil {
			return err
		}
	}
	if f.Until == 0 && !slices.ContainsFunc(f.Choices, func(c Choice) bool { return c.Until == 0 }) {
		return wrong(at, "want at least one that is offered")
	}
	return nil
}

func (f *Field) checkChoice(at string, c Choice) error {
	form := answerForm
	if f.As == "counts" {
		form = groupForm
	}
	switch {
	case f.As == "duration":
		if c.minutes < 1 || c.minutes > mostMinutes {
			return wrong(at, "want minutes, as a number from 1 to %d", mostMinutes)
		}
		return nil
	case c.minutes != 0 || !form.MatchString(c.V):
		return wrong(at+".v", "want a slug of at most 40 characters")
	case c.Until < 0:
		return wrong(at+".until", "want the version from which it is no longer offered")
	case c.SV == "" && c.EN == "" && readable.MatchString(c.V):
		return nil
	}
	return bothWords(at, c.SV, c.EN)
}
