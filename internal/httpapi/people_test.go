package httpapi_test

import (
	"encoding/json"
	"strings"
	"testing"

	"lofteslogg/internal/access"
	"lofteslogg/internal/wire"
)

func TestAnInvitationOfTheDeskLetsOnePhoneIn(t *testing.T) {
	h := open(t, public("https://logg.example"))
	w := h.phone(munkfors, access.Coordinator)
	var made wire.InvitationReply
	must(t, json.Unmarshal(h.ask(w, "POST", "/api/v1/people/invitations", `{"role":"field","name":"Noor","party":"police"}`).body, &made))
	_, code, ok := strings.Cut(made.Link, "https://logg.example/app/#k=")
	if !ok || made.Code == "" {
		t.Fatalf("%+v", made)
	}
	for _, want := range []int{200, 410} {
		if got := h.ask(who{}, "POST", "/api/v1/enrol", enrolBody(code)); got.status != want {
			t.Errorf("got %d, want %d: %s", got.status, want, got.body)
		}
	}
	if strings.Contains(h.log.String(), "Noor") || strings.Contains(h.log.String(), code) {
		t.Error("the log has a name or a code")
	}
}

func TestTheListHasPeopleWithWhatTheirPhonesSaid(t *testing.T) {
	h := open(t)
	h.phone(munkfors, access.Field)
	var got wire.PeopleReply
	must(t, json.Unmarshal(h.ask(h.desk(munkfors), "GET", "/api/v1/people", "").body, &got))
	if len(got.People) != 2 || len(got.People[0].Phones) != 1 || *got.People[0].Phones[0].Unsent != 2 || got.People[1].Desk == nil {
		t.Errorf("%+v", got)
	}
}

func TestTheLastCoordinatorIsToldWhyTheRoleStays(t *testing.T) {
	h := open(t)
	w := h.desk(munkfors)
	at := "/api/v1/people/" + w.person.ID.String()
	for _, got := range []reply{h.ask(w, "PATCH", at, `{"role":"reader"}`), h.ask(w, "POST", at+"/revoke", "")} {
		if p := got.problem(t); got.status != 409 || p.Type != "/problems/last-coordinator" {
			t.Errorf("%d %s", got.status, got.body)
		}
	}
	if len(h.fake.judged) != 0 {
		t.Error("something was judged anew, though nothing was changed")
	}
}

func TestAChangeOfRoleHasTheTownJudgedAgain(t *testing.T) {
	h := open(t)
	p, w := h.phone(munkfors, access.Field), h.desk(munkfors)
	at := "/api/v1/people/" + p.person.ID.String()
	if got := h.ask(w, "PATCH", at, `{"name":" Noor ","role":"reader"}`); got.status != 204 {
		t.Fatalf("%d %s", got.status, got.body)
	}
	if now, _ := h.access.Person(munkfors, p.person.ID); now.Name != "Noor" || now.Role != access.Reader || len(h.fake.judged) != 1 {
		t.Errorf("%+v, judged %d times", now, len(h.fake.judged))
	}
}

func TestWhatNobodyCanBeCalledIsRefused(t *testing.T) {
	h := open(t)
	w := h.desk(munkfors)
	at := "/api/v1/people/" + w.person.ID.String()
	for body, field := range map[string]string{
		`{"role":"mayor"}`: "role", `{"party":"No Slug"}`: "party", `{"name":"` + strings.Repeat("å", 81) + `"}`: "name", `{"town":"x"}`: "town",
	} {
		if got := h.ask(w, "PATCH", at, body); got.status != 400 || got.problem(t).Field != field {
			t.Errorf("%s: %d %s", body, got.status, got.body)
		}
	}
	if got := h.ask(w, "POST", "/api/v1/phones/x/revoke", ""); got.status != 400 {
		t.Errorf("%d", got.status)
	}
}
