package pledge_test

import (
	"encoding/json"
	"os"
	"testing"

	"lofteslogg/internal/event"
	"lofteslogg/internal/pledge"
)

func TestTheVectorsOfPlacesHold(t *testing.T) {
	b, err := os.ReadFile("../../docs/api/vectors/places/same.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Name      string             `json:"name"`
		SameAs    map[string]*string `json:"same_as"`
		StandsFor map[string]string  `json:"stands_for"`
	}
	if err := json.Unmarshal(b, &cases); err != nil || len(cases) == 0 {
		t.Fatalf("no vectors: %v", err)
	}
	for _, c := range cases {
		book := &pledge.Book{Places: map[event.ID]pledge.Place{}}
		for e, same := range c.SameAs {
			p := pledge.Place{}
			if same != nil {
				p.SameAs = long(t, *same)
			}
			book.Places[long(t, e)] = p
		}
		for e, want := range c.StandsFor {
			if got := book.StandsFor(long(t, e)); got != long(t, want) {
				t.Errorf("%s: %s stands for %s, want %s", c.Name, e, got, want)
			}
		}
	}
}

func long(t *testing.T, short string) event.ID {
	id, err := event.ParseID("00000000-0000-7000-8000-0000000000" + short)
	if err != nil {
		t.Fatal(err)
	}
	return id
}
