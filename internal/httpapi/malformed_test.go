package httpapi_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime"
	"strings"
	"testing"

	"lofteslogg/internal/access"
	"lofteslogg/internal/event"
	"lofteslogg/internal/wire"
)

// twist changes one thing in a good body.
func twist(body, from, to string) string {
	if !strings.Contains(body, from) {
		panic("nothing to twist: " + from)
	}
	return strings.Replace(body, from, to, 1)
}

func TestWhatIsNotUnderstoodNamesTheField(t *testing.T) {
	h := open(t)
	w := h.phone(munkfors, access.Field)
	good := pushBody(munkfors)
	deep := strings.Repeat("[", 100_000)
	for name, c := range map[string]struct {
		body   string
		status int
		field  string
	}{
		"unknown member":         {twist(good, `{"p":1`, `{"p":1,"x":1`), 400, "x"},
		"member twice":           {twist(good, `{"p":1`, `{"p":1,"p":1`), 400, "p"},
		"member twice inside":    {twist(good, `"n":1`, `"n":1,"n":1`), 400, "events/0/n"},
		"other letter case":      {twist(good, `"turn"`, `"Turn"`), 400, "turn"},
		"missing member":         {twist(good, `"pending":0,`, ``), 400, "pending"},
		"missing list":           {twist(good, `"events"`, `"event"`), 400, "events"},
		"text for number":        {twist(good, `"turn":1`, `"turn":"1"`), 400, "turn"},
		"number for text":        {twist(good, `"app":"1.0.0"`, `"app":1`), 400, "app"},
		"object for list":        {twist(good, `"events":[`, `"events":{"a":[`) + "}", 400, "events"},
		"number for event":       {twist(good, `"events":[`, `"events":[7,`), 400, "events/0"},
		"null for a text":        {twist(good, `"inc":"`+inc.String()+`"`, `"inc":null`), 400, "inc"},
		"float":                  {twist(good, `"wall":1`, `"wall":1.5`), 400, "wall"},
		"exponent":               {twist(good, `"wall":1`, `"wall":1e400`), 400, "wall"},
		"beyond 64 bits":         {twist(good, `"wall":1`, `"wall":99999999999999999999`), 400, "wall"},
		"negative turn":          {twist(good, `"turn":1`, `"turn":-1`), 400, "turn"},
		"negative pending":       {twist(good, `"pending":0`, `"pending":-1`), 400, "pending"},
		"upper-case id":          {twist(good, inc.String(), strings.ToUpper(inc.String())), 400, "inc"},
		"half a head":            {twist(good, `"head":null`, `"head":{"epoch":"`+inc.String()+`"}`), 400, "head"},
		"bad UTF-8":              {twist(good, `1.0.0`, "\xff\xfe"), 400, "app"},
		"lone surrogate":         {twist(good, `1.0.0`, `\ud800`), 400, "app"},
		"NUL":                    {twist(good, `1.0.0`, `\u0000`), 400, "app"},
		"raw control character":  {twist(good, `1.0.0`, "\x01"), 400, "app"},
		"long app":               {twist(good, `1.0.0`, strings.Repeat("å", 65)), 400, "app"},
		"byte order mark":        {"\uFEFF" + good, 400, "body"},
		"two documents":          {good + good, 400, "body"},
		"half a document":        {good[:len(good)/2], 400, ""},
		"nothing":                {" ", 400, "body"},
		"null":                   {"null", 400, "p"},
		"a list":                 {"[]", 400, "body"},
		"depth 100 000":          {deep, 400, ""},
		"depth inside":           {twist(good, `"head":null`, `"head":`+deep), 400, ""},
		"future protocol":        {twist(good, `"p":1`, `"p":2`), 400, "p"},
		"foreign town":           {pushBody(ekeby), 403, "town"},
		"501 events":             {pushBody(munkfors, events(501)), 413, "events"},
		"a body of empty events": {twist(good, `"events":[`, `"events":[`+strings.Repeat("{},", 300_000)), 413, "events"},
		"more than 1 MiB":        {pushBody(munkfors, func(r *wire.PushRequest) { r.App = strings.Repeat("a", wire.MaxBytes) }), 413, ""},
	} {
		t.Run(name, func(t *testing.T) {
			h.t, h.fake.pushed = t, nil
			got := h.ask(w, "POST", "/api/v1/sync/push", c.body)
			p := got.problem(t)
			if got.status != c.status || c.field != "" && p.Field != c.field {
				t.Errorf("got %d at %q, want %d at %q: %s", got.status, p.Field, c.status, c.field, got.body)
			}
			if strings.Contains(p.Detail, "wire.") || strings.Contains(p.Detail, " Go ") {
				t.Errorf("the detail tells about our types: %s", p.Detail)
			}
			if len(h.fake.pushed) != 0 {
				t.Error("it was taken in all the same")
			}
		})
	}
}

func events(n int) func(*wire.PushRequest) {
	return func(r *wire.PushRequest) { r.Events = make([]wire.PushItem, n) }
}

func TestAWrongClockIsNoFault(t *testing.T) {
	h := open(t)
	w := h.phone(munkfors, access.Field)
	for _, wall := range []int64{0, -1 << 62, 1<<63 - 1} {
		got := h.ask(w, "POST", "/api/v1/sync/push", pushBody(munkfors, func(r *wire.PushRequest) { r.Wall, r.Oldest = wall, &wall }))
		if got.status != 200 {
			t.Errorf("wall %d: %d %s", wall, got.status, got.body)
		}
	}
}

func TestABadEventIsForItsOwnResultToSay(t *testing.T) {
	h := open(t)
	got := h.ask(h.phone(munkfors, access.Field), "POST", "/api/v1/sync/push", pushBody(munkfors, func(r *wire.PushRequest) {
		r.Events = []wire.PushItem{{ID: "not an id", N: -7, Seal: "?", Ev: "\x00"}}
	}))
	if got.status != 200 || len(h.fake.pushed) != 1 {
		t.Errorf("got %d: %s", got.status, got.body)
	}
}

func TestOnlyJSONIsRead(t *testing.T) {
	h := open(t)
	w := h.phone(munkfors, access.Field)
	for name, c := range map[string]struct{ kind, encoding string }{
		"form":            {"application/x-www-form-urlencoded", ""},
		"text":            {"text/plain", ""},
		"none":            {"", ""},
		"like JSON":       {"application/json-seq", ""},
		"other letters":   {"application/json; charset=latin1", ""},
		"other parameter": {"application/json; version=2", ""},
		"brotli":          {"application/json", "br"},
		"gzip twice":      {"application/json", "gzip, gzip"},
	} {
		t.Run(name, func(t *testing.T) {
			r := h.request(w, "POST", "/api/v1/sync/push", pushBody(munkfors))
			r.Header.Set("Content-Type", c.kind)
			r.Header.Set("Content-Encoding", c.encoding)
			if c.encoding == "" {
				r.Header.Del("Content-Encoding")
			}
			if got := h.do(r); got.status != 415 {
				t.Errorf("got %d: %s", got.status, got.body)
			}
		})
	}
	r := h.request(w, "POST", "/api/v1/sync/push", pushBody(munkfors))
	r.Header.Set("Content-Type", "Application/JSON; charset=UTF-8")
	if got := h.do(r); got.status != 200 {
		t.Errorf("with a charset: %d %s", got.status, got.body)
	}
}

func packed(b []byte) []byte {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	_, _ = z.Write(b)
	_ = z.Close()
	return out.Bytes()
}

func TestAPackedBodyIsReadAndADamagedOneNamed(t *testing.T) {
	h := open(t)
	w := h.phone(munkfors, access.Field)
	good := packed([]byte(pushBody(munkfors)))
	damaged := bytes.Clone(good)
	damaged[len(damaged)-6] ^= 0xff
	for name, c := range map[string]struct {
		body   []byte
		status int
	}{
		"good":           {good, 200},
		"not packed":     {[]byte(pushBody(munkfors)), 400},
		"checksum":       {damaged, 400},
		"cut":            {good[:len(good)-9], 400},
		"followed":       {append(bytes.Clone(good), "more"...), 400},
		"nothing inside": {packed(nil), 400},
		"empty":          {nil, 400},
	} {
		t.Run(name, func(t *testing.T) {
			r := h.request(w, "POST", "/api/v1/sync/push", "x")
			r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(c.body)), int64(len(c.body))
			r.Header.Set("Content-Encoding", "gzip")
			if got := h.do(r); got.status != c.status {
				t.Errorf("got %d, want %d: %s", got.status, c.status, got.body)
			}
		})
	}
}

// zeros is an endless body; it counts what was taken of it.
type zeros struct{ taken int64 }

func (z *zeros) Read(p []byte) (int, error) {
	clear(p)
	for i := range p {
		p[i] = ' '
	}
	z.taken += int64(len(p))
	return len(p), nil
}

// bomb is half a GiB in half a MiB: one packed MiB, again and again, which is one gzip file all the same.
func bomb() []byte {
	return bytes.Repeat(packed(bytes.Repeat([]byte(" "), 1<<20)), 512)
}

func TestBodiesWithoutEndCostLittle(t *testing.T) {
	h := open(t)
	w := h.phone(munkfors, access.Field)
	packedBomb := bomb()
	for name, c := range map[string]struct {
		body     func() io.Reader
		declared int64
		gzip     bool
		most     uint64
	}{
		"1 GB declared": {func() io.Reader { return &zeros{} }, 1 << 30, false, 1 << 20},
		"endless":       {func() io.Reader { return &zeros{} }, -1, false, 12 << 20},
		"bomb":          {func() io.Reader { return bytes.NewReader(packedBomb) }, int64(len(packedBomb)), true, 12 << 20},
		"endless zeros": {func() io.Reader { return io.MultiReader(bytes.NewReader(packedBomb[:1<<15]), &zeros{}) }, -1, true, 12 << 20},
		"empty events": {func() io.Reader {
			return strings.NewReader(twist(pushBody(munkfors), `"events":[`, `"events":[`+strings.Repeat("{},", 340_000)))
		}, -1, false, 24 << 20},
		"many members": {func() io.Reader { return strings.NewReader(manyMembers()) }, -1, false, 48 << 20},
	} {
		t.Run(name, func(t *testing.T) {
			r := h.request(w, "POST", "/api/v1/sync/push", "x")
			body := c.body()
			r.Body, r.ContentLength = io.NopCloser(body), c.declared
			if c.gzip {
				r.Header.Set("Content-Encoding", "gzip")
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			got := h.do(r)
			runtime.ReadMemStats(&after)
			if got.status != 413 && got.status != 400 {
				t.Errorf("got %d: %s", got.status, got.body)
			}
			if grown := after.TotalAlloc - before.TotalAlloc; grown > c.most {
				t.Errorf("%d KiB were allocated, at most %d are allowed", grown>>10, c.most>>10)
			}
			if z, ok := body.(*zeros); ok && z.taken > 2*wire.MaxBytes {
				t.Errorf("%d bytes were taken of a body without end", z.taken)
			}
		})
	}
}

// broken is a body that ends with an error of the network.
type broken struct {
	io.Reader
	err error
}

func (b broken) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if errors.Is(err, io.EOF) {
		err = b.err
	}
	return n, err
}

func TestABodyThatDoesNotArriveIsTheNetworksFault(t *testing.T) {
	for _, c := range []struct {
		err    error
		gzip   bool
		status int
	}{{os.ErrDeadlineExceeded, false, 408}, {os.ErrDeadlineExceeded, true, 408}, {io.ErrUnexpectedEOF, false, 400}, {io.ErrUnexpectedEOF, true, 400}} {
		h := open(t)
		sent := []byte(pushBody(munkfors))
		if c.gzip {
			sent = packed(sent)
		}
		r := h.request(h.phone(munkfors, access.Field), "POST", "/api/v1/sync/push", "x")
		r.Body, r.ContentLength = io.NopCloser(broken{bytes.NewReader(sent[:len(sent)/2]), c.err}), int64(len(sent))
		if c.gzip {
			r.Header.Set("Content-Encoding", "gzip")
		}
		if got := h.do(r); got.status != c.status {
			t.Errorf("%v, packed %v: %d %s", c.err, c.gzip, got.status, got.body)
		}
	}
}

func manyMembers() string {
	var b strings.Builder
	b.WriteString(`{"p":1`)
	for i := range 80_000 {
		fmt.Fprintf(&b, `,"m%05d":1`, i)
	}
	b.WriteString("}")
	return b.String()
}

func TestSmallBodiesStaySmall(t *testing.T) {
	h := open(t)
	got := h.ask(who{}, "POST", "/api/v1/code", `{"code":"`+strings.Repeat("a", 5000)+`"}`)
	if got.status != 413 {
		t.Errorf("got %d: %s", got.status, got.body)
	}
}

func TestQueriesAreReadStrictly(t *testing.T) {
	h := open(t)
	w := h.desk(munkfors)
	for target, field := range map[string]string{
		"/api/v1/sync/changes?limit=0":                              "limit",
		"/api/v1/sync/changes?limit=1001":                           "limit",
		"/api/v1/sync/changes?limit=1e3":                            "limit",
		"/api/v1/sync/changes?limit=+5":                             "limit",
		"/api/v1/sync/changes?limit=99999999999999999999":           "limit",
		"/api/v1/sync/changes?limit=":                               "limit",
		"/api/v1/sync/changes?cur=a&cur=b":                          "cur",
		"/api/v1/sync/changes?cur=" + strings.Repeat("a", 600):      "cur",
		"/api/v1/sync/changes?cur=%00":                              "cur",
		"/api/v1/sync/changes?cur=%ff":                              "cur",
		"/api/v1/sync/changes?cur=%zz":                              "query",
		"/api/v1/sync/changes?x=1":                                  "query",
		"/api/v1/sync/digest?x":                                     "query",
		"/api/v1/me?x":                                              "query",
		"/api/v1/live?x":                                            "query",
		"/api/v1/follow-up?year=0":                                  "year",
		"/api/v1/follow-up?year=101":                                "year",
		"/api/v1/entries?measure=1":                                 "measure",
		"/api/v1/entries?measure=":                                  "measure",
		"/api/v1/entries?month=2026-13":                             "month",
		"/api/v1/entries?month=2026-1":                              "month",
		"/api/v1/entries?month=20261":                               "month",
		"/api/v1/entries?month=":                                    "month",
		"/api/v1/entries?month=%2B026-11":                           "month",
		"/api/v1/entries?counted=yes":                               "counted",
		"/api/v1/entries?limit=501":                                 "limit",
		"/api/v1/entities/1/events":                                 "e",
		"/api/v1/entities/" + strings.Repeat("a", 5000) + "/events": "e",
		"/api/v1/entities/" + munkfors.String() + "/events?x":       "query",
	} {
		if got := h.ask(w, "GET", target, ""); got.status != 400 || got.problem(t).Field != field {
			t.Errorf("%.60s: got %d %s, want %s", target, got.status, got.body, field)
		}
	}
}

func TestQueriesReachTheFigures(t *testing.T) {
	h := open(t)
	w := h.desk(munkfors)
	e := entityOf(munkfors)
	h.ask(w, "GET", "/api/v1/entries", "")
	h.ask(w, "GET", "/api/v1/entries?measure="+e.String()+"&kind=foot_patrol&year=2&month=2026-11&party=joint&counted=false&after=x&limit=7", "")
	want := []wire.EntriesQuery{{Limit: 100}, {Measure: e, Kind: "foot_patrol", Year: 2, Month: "2026-11", Party: "joint", Voided: true, After: "x", Limit: 7}}
	for i := range want {
		if h.fake.queries[i] != want[i] {
			t.Errorf("got %+v, want %+v", h.fake.queries[i], want[i])
		}
	}
	h.ask(w, "GET", "/api/v1/sync/changes", "")
	h.ask(w, "GET", "/api/v1/sync/changes?cur=&head=&limit=1000", "")
	if fmt.Sprint(h.fake.limits) != "[200 1000]" {
		t.Errorf("limits %v", h.fake.limits)
	}
}

func TestEnrolmentIsReadStrictly(t *testing.T) {
	h := open(t)
	good := enrolBody("0000000000")
	for name, c := range map[string]struct{ body, field string }{
		"token":        {twist(good, `"token":"`, `"token":"x`), "token"},
		"name":         {twist(good, "Maria", strings.Repeat("å", 81)), "name"},
		"name in two":  {twist(good, "Maria", `a\nb`), "name"},
		"party":        {twist(good, `"police"`, `"<b>"`), "party"},
		"inc":          {twist(good, inc.String(), event.ID{}.String()), "inc"},
		"code":         {enrolBody(strings.Repeat("a", 65)), "code"},
		"app":          {twist(good, "1.0.0", strings.Repeat("1", 65)), "app"},
		"unknown":      {twist(good, `{`, `{"role":"coordinator",`), "role"},
		"missing name": {twist(good, `"name":"Maria",`, ``), "name"},
	} {
		if got := h.ask(who{}, "POST", "/api/v1/enrol", c.body); got.status != 400 || got.problem(t).Field != c.field {
			t.Errorf("%s: got %d %s", name, got.status, got.body)
		}
	}
}

func FuzzPush(f *testing.F) {
	f.Add([]byte(pushBody(munkfors)), false)
	f.Add(packed([]byte(pushBody(munkfors))), true)
	h := open(f)
	w := h.phone(munkfors, access.Field)
	f.Fuzz(func(t *testing.T, body []byte, zipped bool) {
		h.t = t
		h.clock.pass(1e9) // so that the pace is no matter
		r := h.request(w, "POST", "/api/v1/sync/push", "x")
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		if zipped {
			r.Header.Set("Content-Encoding", "gzip")
		}
		if got := h.do(r); got.status >= http.StatusInternalServerError {
			t.Errorf("%d: %s", got.status, got.body)
		}
		h.fake.pushed, h.fake.callers = nil, nil
	})
}
