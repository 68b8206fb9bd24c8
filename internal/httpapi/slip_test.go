package httpapi_test

import (
	"testing"

	"lofteslogg/internal/access"
)

func TestASlipIsOfFourteenDaysUnlessOthersAreAskedFor(t *testing.T) {
	h := open(t)
	at := "/api/v1/phones/" + inc.String() + "/slip"
	w := h.phone(munkfors, access.Field)
	for query, want := range map[string][2]string{
		"":                               {"2026-11-07", "2026-11-20"},
		"?to=2026-11-01":                 {"2026-10-19", "2026-11-01"},
		"?from=2026-11-20&to=2026-11-20": {"2026-11-20", "2026-11-20"},
		"?from=2026-08-21":               {"2026-08-21", "2026-11-20"},
	} {
		h.fake.slips = nil
		if got := h.ask(w, "GET", at+query, ""); got.status != 200 || len(h.fake.slips) != 1 || h.fake.slips[0] != want {
			t.Errorf("%s: %d, asked %v, want %v", query, got.status, h.fake.slips, want)
		}
	}
}

func TestASlipOfDaysThatAreNoneIsRefused(t *testing.T) {
	h := open(t)
	at := "/api/v1/phones/" + inc.String() + "/slip"
	w := h.phone(munkfors, access.Field)
	for _, query := range []string{"?from=2026-11-21", "?from=2026-08-20", "?to=20261120", "?to=2026-02-30", "?day=2026-11-20"} {
		if got := h.ask(w, "GET", at+query, ""); got.status != 400 {
			t.Errorf("%s: %d", query, got.status)
		}
	}
}
