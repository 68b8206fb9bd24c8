package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/boombuler/barcode/qr"

	"lofteslogg/internal/wire"
)

func invite(t *testing.T, data string, args ...string) (i invited) {
	t.Helper()
	out, err := command(t, append([]string{"invite", "--json", "--data", data}, args...)...)
	must(t, err)
	must(t, json.Unmarshal([]byte(out), &i))
	return i
}

func TestCommandsDoTheSameWithAServerAndWithout(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	p := start(t, data)
	run := func(when string) {
		if i := invite(t, data, "--role", "field", "--town", "munkfors"); i.Desk != "" || i.Code == "" || i.Town.Slug != "munkfors" {
			t.Errorf("%s: field got %+v", when, i)
		}
		if i := invite(t, data, "--role", "coordinator", "--town", "munkfors"); !strings.Contains(i.Desk, "/desk/#k=") || !strings.Contains(i.Phone, "/app/#k=") {
			t.Errorf("%s: coordinator got %+v", when, i)
		}
		out, err := command(t, "town", "add", "Ekeby "+when, "--slug", "ekeby-"+when, "--data", data)
		if err != nil || !strings.Contains(out, "ekeby-"+when) {
			t.Errorf("%s: town add: %q, %v", when, out, err)
		}
		if _, err := command(t, "town", "add", "Ekeby", "--slug", "ekeby-"+when, "--data", data); err == nil {
			t.Errorf("%s: a slug was given twice", when)
		}
		out, err = command(t, "town", "list", "--data", data)
		if err != nil || !strings.HasPrefix(strings.SplitN(out, "  ", 2)[1], "munkfors") || !strings.Contains(out, "Ekeby "+when) {
			t.Errorf("%s: town list: %q, %v", when, out, err)
		}
		if _, err := command(t, "invite", "--role", "field", "--data", data); err == nil || !strings.Contains(err.Error(), "--town") {
			t.Errorf("%s: an invitation to no town in particular: %v", when, err)
		}
	}
	run("with")
	p.stop()
	run("without")
}

func TestWhoIsShutOutMayOnlyPush(t *testing.T) {
	p := start(t, filepath.Join(t.TempDir(), "data"))
	phone, me, inc := p.phone(invite(t, p.data, "--role", "field", "--name", "Kim", "--party", "police").Code)
	out, err := command(t, "person", "list", "--data", p.data)
	if err != nil || !strings.Contains(out, me.Account.String()) || !strings.Contains(out, "Kim") {
		t.Errorf("%q, %v", out, err)
	}
	phone.patrol(me, inc, 1)
	_, err = command(t, "person", "revoke", me.Account.String(), "--data", p.data)
	must(t, err)
	if status := phone.ask("GET", "/api/v1/me", nil, nil); status != 403 {
		t.Errorf("shut out: %d", status)
	}
	if _, reply := phone.patrol(me, inc, 2); len(reply.Res) != 1 || reply.Res[0].C != wire.ResParked || reply.Res[0].Why != "revoked" {
		t.Errorf("shut out, the push got %+v", reply.Res)
	}
	_, err = command(t, "person", "restore", me.Account.String(), "--data", p.data)
	must(t, err)
	if status := phone.ask("GET", "/api/v1/me", nil, nil); status != 200 {
		t.Errorf("let in again: %d", status)
	}
	if f := p.desk(p.code("/desk/")).followUp(); f.Entries != 2 {
		t.Errorf("what waited is not counted: %d entries", f.Entries)
	}
	if _, err := command(t, "person", "revoke", me.Town.ID.String(), "--data", p.data); err == nil {
		t.Error("nobody was shut out without a word")
	}
}

func TestAPersonComesInAgainAsTheSameAccount(t *testing.T) {
	p := start(t, filepath.Join(t.TempDir(), "data"))
	_, me, _ := p.phone(p.code("/app/"))
	_, again, _ := p.phone(invite(t, p.data, "--role", "field", "--account", me.Account.String()).Code)
	if again.Account != me.Account {
		t.Errorf("came in as %s, was %s", again.Account, me.Account)
	}
}

func TestVersionHelpAndMistakes(t *testing.T) {
	if out, err := command(t, "version"); err != nil || !strings.HasPrefix(out, "lofteslogg ") {
		t.Errorf("%q, %v", out, err)
	}
	if out, err := command(t, "--help"); err != nil || !strings.Contains(out, "invite") || !strings.Contains(out, "LOFTESLOGG_PUBLIC_URL") {
		t.Errorf("%q, %v", out, err)
	}
	for _, args := range [][]string{{"nonsense"}, {"invite"}, {"invite", "--role", "admin"}, {"serve", "--public-url", "http://lofte.example.se"}, {"town", "add"}} {
		if _, err := command(t, args...); err == nil {
			t.Errorf("%v was taken", args)
		}
	}
}

func TestWithAPublicAddressLinksLeadThereAndTheQRCodeHasThem(t *testing.T) {
	p := start(t, filepath.Join(t.TempDir(), "data"), "--public-url", "https://lofte.example.se")
	link := "https://lofte.example.se/app/#k=" + p.code("/app/")
	if !strings.Contains(p.out.String(), link) || strings.Contains(p.out.String(), "adb reverse") {
		t.Errorf("printed:\n%s", p.out)
	}
	code, err := qr.Encode(link, qr.M, qr.Auto)
	must(t, err)
	var lines []string
	for line := range strings.Lines(p.out.String()) {
		if strings.ContainsAny(line, "█▀▄") {
			lines = append(lines, strings.TrimSuffix(strings.TrimPrefix(line, "  "), "\n"))
		}
	}
	size := code.Bounds().Dx()
	if len(lines) != (size+4+1)/2 {
		t.Fatalf("%d lines for %d modules:\n%s", len(lines), size, p.out)
	}
	for y := range size {
		for x, drawn := range []rune(lines[(y+2)/2])[2 : 2+size] {
			isLight := drawn == '█' || drawn == '▀' && y%2 == 0 || drawn == '▄' && y%2 == 1
			if isLight != light(code, x, y) {
				t.Fatalf("module %d,%d is drawn wrong", x, y)
			}
		}
	}
}

func TestWithoutAPublicAddressItSaysHowAPhoneGetsIn(t *testing.T) {
	p := start(t, filepath.Join(t.TempDir(), "data"))
	port := p.url[strings.LastIndex(p.url, ":")+1:]
	if !strings.Contains(p.out.String(), "adb reverse tcp:"+port+" tcp:"+port) || !strings.Contains(p.out.String(), "http://localhost:"+port+"/desk/#k=") {
		t.Errorf("printed:\n%s", p.out)
	}
}

func TestHealthSaysWhetherAServerAnswers(t *testing.T) {
	p := start(t, filepath.Join(t.TempDir(), "data"))
	port := p.url[strings.LastIndex(p.url, ":"):]
	for _, addr := range []string{port, "0.0.0.0" + port, "localhost" + port} {
		if out, err := command(t, "health", "--addr", addr); err != nil || !strings.Contains(out, "answers") {
			t.Errorf("%s: %q, %v", addr, out, err)
		}
	}
	p.stop()
	if _, err := command(t, "health", "--addr", port); err == nil || !strings.Contains(err.Error(), "no server answers at "+port) {
		t.Errorf("of a server that ended: %v", err)
	}
}
