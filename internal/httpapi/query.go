package httpapi

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"lofteslogg/internal/activity"
	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
)

const longestParameter = 512

// query reads the parameters of a call. The first error is kept, and told by err.
type query struct {
	values url.Values
	err    error
}

// query takes these parameters and no others, each at most once.
func (c *call) query(names ...string) *query {
	values, err := url.ParseQuery(c.URL.RawQuery)
	if err != nil {
		return &query{err: fault.New(fault.Invalid, "", "not a query").At("query")}
	}
	q := &query{values: values}
	for name, list := range values {
		switch {
		case !slices.Contains(names, name):
			q.fail("query", "a parameter that is not known here")
		case len(list) > 1:
			q.fail(name, "given twice")
		case len(list[0]) > longestParameter || !utf8.ValidString(list[0]) || strings.ContainsRune(list[0], 0):
			q.fail(name, "not a text of at most 512 bytes")
		}
	}
	return q
}

func (q *query) fail(field, text string) {
	if q.err == nil {
		q.err = fault.New(fault.Invalid, "", "%s", text).At(field)
	}
}

func (q *query) text(name string) string { return q.values.Get(name) }

// whole is a whole number from 1 to most, or other when it is left out.
func (q *query) whole(name string, most, other int) int {
	if !q.values.Has(name) {
		return other
	}
	n, err := strconv.Atoi(q.text(name))
	if err != nil || n < 1 || n > most || strconv.Itoa(n) != q.text(name) {
		q.fail(name, "want a whole number from 1 to "+strconv.Itoa(most))
	}
	return n
}

func (q *query) id(name string) (id event.ID) {
	if !q.values.Has(name) {
		return id
	}
	id, err := event.ParseID(q.text(name))
	if err != nil {
		q.fail(name, "want an id")
	}
	return id
}

func (q *query) truth(name string, other bool) bool {
	switch q.text(name) {
	case "true":
		return true
	case "false":
		return false
	}
	if q.values.Has(name) {
		q.fail(name, "want true or false")
	}
	return other
}

// day is a local day as 2026-11-20, or other when it is left out.
func (q *query) day(name string, other activity.Day) activity.Day {
	if !q.values.Has(name) {
		return other
	}
	day, ok := activity.ParseDay(q.text(name))
	if !ok || day.String() != q.text(name) {
		q.fail(name, "want a day as 2026-11-20")
	}
	return day
}

// month is a month as 2026-11, or empty.
func (q *query) month(name string) string {
	m := q.text(name)
	if !q.values.Has(name) {
		return ""
	}
	year, month, ok := strings.Cut(m, "-")
	n, err := strconv.Atoi(month)
	if !ok || len(year) != 4 || !digits(year) || len(month) != 2 || err != nil || n < 1 || n > 12 {
		q.fail(name, "want a month as 2026-11")
	}
	return m
}

func digits(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
}
