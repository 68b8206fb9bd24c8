package event_test

import (
	"encoding/json"
	"os"
	"testing"

	"lofteslogg/internal/event"
)

func TestTheSumOfIDsIsAsTheVectorsSay(t *testing.T) {
	b, err := os.ReadFile("../../docs/api/vectors/slip/sums.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Name string     `json:"name"`
		IDs  []event.ID `json:"ids"`
		Sum  string     `json:"sum"`
	}
	if err := json.Unmarshal(b, &cases); err != nil || len(cases) == 0 {
		t.Fatalf("%d cases: %v", len(cases), err)
	}
	for _, c := range cases {
		if got := event.Sum(c.IDs); got != c.Sum {
			t.Errorf("%s: got %s, want %s", c.Name, got, c.Sum)
		}
	}
}
