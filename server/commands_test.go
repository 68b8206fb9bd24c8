package main

import (
	"encoding/json"
	"errors"
	"os"
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

func TestARoleThatIsGivenCountsAtOnceBesideTheServerAndWithout(t *testing.T) {
	p := start(t, filepath.Join(t.TempDir(), "data"))
	phone, me, inc := p.phone(invite(t, p.data, "--role", "field").Code)
	_, err := command(t, "person", "role", me.Account.String(), "reader", "--data", p.data)
	must(t, err)
	if _, reply := phone.patrol(me, inc, 1); reply.Res[0].Why != "right" {
		t.Fatalf("a reader's patrol got %+v", reply.Res)
	}
	_, err = command(t, "person", "role", me.Account.String(), "field", "--data", p.data)
	must(t, err)
	if f := p.desk(p.code("/desk/")).followUp(); f.Entries != 1 {
		t.Errorf("what waited is not counted: %d entries", f.Entries)
	}
	for _, args := range [][]string{{me.Town.ID.String(), "field"}, {"x", "field"}, {me.Account.String(), "admin"}} {
		if out, err := command(t, append([]string{"person", "role", "--data", p.data}, args...)...); err == nil {
			t.Errorf("%v: %q", args, out)
		}
	}
	p.stop()
	_, err = command(t, "person", "role", me.Account.String(), "coordinator", "--data", p.data)
	must(t, err)
	if out, err := command(t, "person", "list", "--data", p.data); err != nil || !strings.Contains(out, me.Account.String()+"  coordinator") {
		t.Errorf("%q, %v", out, err)
	}
}

func TestTheLastCoordinatorStaysOne(t *testing.T) {
	p := start(t, filepath.Join(t.TempDir(), "data"))
	_, me, _ := p.phone(p.code("/app/"))
	out, err := command(t, "person", "list", "--data", p.data)
	must(t, err)
	for _, line := range strings.Split(out, "\n") {
		if id, rest, _ := strings.Cut(line, " "); strings.Contains(rest, "coordinator") && id != me.Account.String() {
			_, err = command(t, "person", "role", id, "reader", "--data", p.data)
			break
		}
	}
	if err == nil || !strings.Contains(err.Error(), "no other coordinator") {
		t.Errorf("got %v", err)
	}
}

func TestAPhoneThatIsShutOutMayOnlyPushUntilItIsLetInAgain(t *testing.T) {
	p := start(t, filepath.Join(t.TempDir(), "data"))
	phone, me, inc := p.phone(p.code("/app/"))
	phone.patrol(me, inc, 1)
	out, err := command(t, "phone", "list", "--data", p.data)
	if err != nil || !strings.HasPrefix(out, inc.String()+"  "+me.Account.String()) || !strings.Contains(out, "heard from") {
		t.Errorf("%q, %v", out, err)
	}
	_, err = command(t, "phone", "revoke", inc.String(), "--data", p.data)
	must(t, err)
	if out, err := command(t, "phone", "list", "--data", p.data); err != nil || !strings.Contains(out, "shut out") {
		t.Errorf("%q, %v", out, err)
	}
	if status := phone.ask("GET", "/api/v1/me", nil, nil); status != 403 {
		t.Errorf("shut out: %d", status)
	}
	if _, reply := phone.patrol(me, inc, 2); reply.Res[0].Why != "revoked" {
		t.Errorf("shut out, the push got %+v", reply.Res)
	}
	if _, err := command(t, "phone", "revoke", inc.String(), "--data", p.data); err == nil {
		t.Error("it was shut out twice")
	}
	_, err = command(t, "phone", "restore", inc.String(), "--data", p.data)
	must(t, err)
	if f := p.desk(p.code("/desk/")).followUp(); f.Entries != 2 {
		t.Errorf("what waited is not counted: %d entries", f.Entries)
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

func TestAPathThatIsWrongIsNoServerWithoutTowns(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "typo")
	for _, args := range [][]string{
		{"backup"},
		{"town", "list"},
		{"verify"},
		{"export"},
		{"doctor"},
		{"person", "list"},
		{"invite", "--role", "field"},
		{"erase", "--entity", newEventID(t).String(), "--reason", "x", "--yes"},
	} {
		out, err := command(t, append(args, "--data", data)...)
		if err == nil || !strings.Contains(err.Error(), "there is no data folder at "+data) {
			t.Errorf("%v: %q, %v", args, out, err)
		}
		if _, err := os.Stat(data); !errors.Is(err, os.ErrNotExist) {
			t.Fatalf("%v made something: %v", args, err)
		}
	}
}

func TestABackupOfNothingIsAnError(t *testing.T) {
	t.Parallel()
	if out, err := command(t, "backup", "--data", t.TempDir()); err == nil || !strings.Contains(err.Error(), "there is no town") {
		t.Errorf("%q, %v", out, err)
	}
}

func TestATownWhoseNameIsTakenIsNotRestoredBeside(t *testing.T) {
	t.Parallel()
	one := start(t, filepath.Join(t.TempDir(), "one"))
	from := onlyBackup(t, one.data)
	two := start(t, filepath.Join(t.TempDir(), "two"))
	out, err := command(t, "restore", "--from", from, "--add", "--data", two.data)
	if err == nil || !strings.Contains(err.Error(), "another town is called munkfors here") {
		t.Errorf("%q, %v", out, err)
	}
	if list, err := command(t, "town", "list", "--data", two.data); err != nil || strings.Count(list, "munkfors") != 1 {
		t.Errorf("%q, %v", list, err)
	}
}

func TestAFileInUseIsNotCalledTorn(t *testing.T) {
	t.Parallel()
	p := start(t, filepath.Join(t.TempDir(), "data"))
	_, me, _ := p.phone(p.code("/app/"))
	out, err := command(t, "verify", "--file", fileOf(p.data, me.Town.ID))
	if err == nil || strings.Contains(err.Error(), "torn") || !strings.Contains(err.Error(), "verify --town") {
		t.Errorf("%q, %v", out, err)
	}
}

func TestAccountsThatCannotBeReadAreSaidToBeApartFromTheTowns(t *testing.T) {
	t.Parallel()
	p := start(t, filepath.Join(t.TempDir(), "data"))
	p.stop()
	must(t, os.WriteFile(filepath.Join(p.data, accessName), make([]byte, 3000), 0o600))
	if _, err := command(t, "doctor", "--data", p.data); err == nil || !strings.Contains(err.Error(), "no town was touched") {
		t.Errorf("%v", err)
	}
}
