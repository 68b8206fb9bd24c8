package event_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"lofteslogg/internal/event"
)

// document is a case of docs/api/vectors/canon, as its README describes it.
type document struct {
	Name  string `json:"name"`
	Ev    string `json:"ev"`
	B64   []byte `json:"b64"`
	Fill  int    `json:"fill"`
	Later bool   `json:"later"`
}

func (d *document) bytes() []byte {
	switch {
	case d.B64 != nil:
		return d.B64
	case d.Fill > 0:
		return []byte(strings.Replace(d.Ev, "@", strings.Repeat("x", d.Fill), 1))
	}
	return []byte(d.Ev)
}

func documents(t testing.TB, file string) (list []document) {
	b, err := os.ReadFile("../../docs/api/vectors/canon/" + file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &list); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return list
}

func TestValidDocumentsAreReadAndSpelledAsTheyWere(t *testing.T) {
	for _, d := range documents(t, "valid.json") {
		t.Run(d.Name, func(t *testing.T) {
			e, err := event.Decode(d.bytes())
			if err != nil {
				t.Fatal(err)
			}
			if d.Later != (e.Version > event.Version) {
				t.Errorf("version %d", e.Version)
			}
			if got := e.Append(nil); !d.Later && string(got) != string(d.bytes()) {
				t.Errorf("spelled\n  %s\nwas\n  %s", got, d.bytes())
			}
		})
	}
}

func TestInvalidDocumentsAreRefused(t *testing.T) {
	for _, d := range documents(t, "invalid.json") {
		t.Run(d.Name, func(t *testing.T) {
			if _, err := event.Decode(d.bytes()); err == nil {
				t.Errorf("taken: %.200s", d.bytes())
			}
		})
	}
}
