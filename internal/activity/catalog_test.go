package activity_test

import (
	"testing"

	"lofteslogg/internal/activity"
	"lofteslogg/internal/event"
)

func TestAboutYouthAtRiskOnlyWhatTheFormAsksIsKept(t *testing.T) {
	s := &event.State{}
	s.Ensure("kind:youth").Heads = []event.Head{{Value: event.Text(`{"sv":{"name":"Unga"},"en":{"name":"Youth"},"sight":"restricted","fields":[
		{"f":"meetings","as":"count"},{"f":"who","as":"counts"},{"f":"old","as":"choice","until":2},{"f":"story","as":"text"}]}`)}}
	k := activity.ReadCatalog(s).Kinds["youth"]
	for name, forbidden := range map[string]bool{
		"meetings": false, "who:school": false, "old": false, "retracted": false, "dup_of": false,
		"note": true, "story": true, "who": true, "meetings:name": true, "other": true, "place": true,
	} {
		if k.Forbids(name) != forbidden {
			t.Errorf("%s: forbidden %v, want %v", name, k.Forbids(name), forbidden)
		}
	}
}
