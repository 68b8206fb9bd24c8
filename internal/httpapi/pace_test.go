package httpapi

import (
	"testing"
	"time"

	"lofteslogg/internal/fault"
)

func TestOfMoreThanAreRememberedTheQuietestStartRested(t *testing.T) {
	p := paces[int]{pace: pace{limit: 1, burst: 1, kept: 3}}
	now := time.Unix(0, 0)
	for key := range 3 {
		if err := p.take(key, now); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.take(0, now); fault.KindOf(err) != fault.TooMany {
		t.Errorf("the second at once: %v", err)
	}
	if err := p.take(3, now); err != nil {
		t.Errorf("a new one: %v", err)
	}
	if err := p.take(0, now); fault.KindOf(err) != fault.TooMany {
		t.Errorf("the one who asked lately was forgotten: %v", err)
	}
	if err := p.take(1, now); err != nil {
		t.Errorf("the quietest: %v", err)
	}
	for key := range 10_000 {
		_ = p.take(key, now)
	}
	if len(p.of) != 3 || p.order.Len() != 3 {
		t.Errorf("%d are remembered", len(p.of))
	}
}
