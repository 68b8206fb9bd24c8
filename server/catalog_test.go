package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lofteslogg/internal/wire"
)

// published writes a changed copy of the town's catalogue to a file.
func published(t *testing.T, data string, change func(doc map[string]any)) (file string) {
	t.Helper()
	out, err := command(t, "town", "catalog", "munkfors", "--data", data)
	must(t, err)
	var doc map[string]any
	must(t, json.Unmarshal([]byte(out), &doc))
	change(doc)
	b, err := json.Marshal(doc)
	must(t, err)
	file = filepath.Join(t.TempDir(), "catalogue.json")
	must(t, os.WriteFile(file, b, 0o600))
	return file
}

func patrolKind(doc map[string]any) map[string]any {
	return doc["kinds"].(map[string]any)["foot_patrol"].(map[string]any)
}

// kinds is the phone's own look at the catalogue: its version, and the text of foot patrols.
func (g guest) kinds() (version, patrol string) {
	g.p.t.Helper()
	var reply wire.CatalogReply
	if status := g.ask("GET", "/api/v1/catalog", nil, &reply); status != 200 || reply.Catalog == nil {
		g.p.t.Fatalf("catalogue: %d", status)
	}
	shown := func(name string) string { h := reply.Catalog.St.F[name].H; return string(h[len(h)-1].V) }
	return shown("version"), shown("kind:foot_patrol")
}

func TestACatalogueIsPrintedChangedTriedAndPublished(t *testing.T) {
	p := start(t, filepath.Join(t.TempDir(), "data"))
	phone, me, inc := p.phone(p.code("/app/"))
	phone.patrol(me, inc, 1)
	file := published(t, p.data, func(doc map[string]any) {
		k := patrolKind(doc)
		k["sv"] = map[string]any{"name": "Patrull till fots"}
		k["fields"] = k["fields"].([]any)[:5] // up to the number of people
	})
	publish := func(args ...string) (string, error) {
		return command(t, append([]string{"town", "catalog", "munkfors", "--data", p.data}, args...)...)
	}
	out, err := publish("--file", file, "--try")
	if err != nil || !strings.Contains(out, "− kinds.foot_patrol.fields.topics: no longer asked; entries keep it") || !strings.Contains(out, "Nothing was written") {
		t.Errorf("tried: %q, %v", out, err)
	}
	if version, _ := phone.kinds(); version != "1" {
		t.Errorf("trying made version %s", version)
	}
	out, err = publish("--file", file)
	if err != nil || !strings.Contains(out, "Version 2 is published.") {
		t.Errorf("published: %q, %v", out, err)
	}
	version, patrol := phone.kinds()
	if version != "2" || !strings.Contains(patrol, "Patrull till fots") || !strings.Contains(patrol, "topics") {
		t.Errorf("the phone has version %s: %s", version, patrol)
	}
	if _, err := publish("--file", file); err == nil || !strings.Contains(err.Error(), "print it again") {
		t.Errorf("a document of the version before was taken: %v", err)
	}
	if f := p.desk(p.code("/desk/")).followUp(); f.Entries != 1 {
		t.Errorf("%d entries, want 1", f.Entries)
	}
	p.stop()
	if out, err := publish("--example"); err != nil || !strings.Contains(out, "+ kinds.foot_patrol.fields.topics: offered again") || !strings.Contains(out, "Version 3 is published.") {
		t.Errorf("without a server: %q, %v", out, err)
	}
	if out, err := publish("--example"); err != nil || !strings.Contains(out, "Nothing differs. Version 3 stays.") {
		t.Errorf("once more: %q, %v", out, err)
	}
}

func TestACatalogueThatIsWrongIsRefusedWithItsPlace(t *testing.T) {
	p := start(t, filepath.Join(t.TempDir(), "data"))
	file := published(t, p.data, func(doc map[string]any) { patrolKind(doc)["sight"] = "everyone" })
	_, err := command(t, "town", "catalog", "--file", file, "--data", p.data)
	if err == nil || !strings.Contains(err.Error(), "kinds.foot_patrol.sight: want own, field or restricted") {
		t.Errorf("%v", err)
	}
	for _, args := range [][]string{{"--file", file, "--example"}, {"--try"}, {"--file", file + "x"}, {"nowhere"}} {
		if out, err := command(t, append([]string{"town", "catalog", "--data", p.data}, args...)...); err == nil {
			t.Errorf("%v was taken: %s", args, out)
		}
	}
}

func TestACatalogueIsPublishedByAnotherCoordinatorWhenItsAuthorIsShutOut(t *testing.T) {
	p := start(t, filepath.Join(t.TempDir(), "data"))
	desk := p.desk(p.code("/desk/"))
	var first wire.Me
	desk.ask("GET", "/api/v1/me", nil, &first)
	_, err := command(t, "person", "revoke", first.Account.String(), "--data", p.data)
	must(t, err)
	file := published(t, p.data, func(doc map[string]any) { patrolKind(doc)["order"] = 9 })
	if _, err := command(t, "town", "catalog", "--file", file, "--data", p.data); err == nil || !strings.Contains(err.Error(), "invite one first") {
		t.Errorf("nobody wrote it: %v", err)
	}
	p.phone(invite(t, p.data, "--role", "coordinator").Code)
	if out, err := command(t, "town", "catalog", "--file", file, "--data", p.data); err != nil || !strings.Contains(out, "Version 2 is published") {
		t.Errorf("%q, %v", out, err)
	}
}
