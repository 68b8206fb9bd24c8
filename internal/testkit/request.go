package testkit

import (
	"bytes"
	"fmt"
	"net/url"

	"lofteslogg/internal/event"
	"lofteslogg/internal/wire"
)

// Request is one that a phone wants sent.
type Request struct {
	Method, Path string
	Person       event.ID // whose token goes with it
	Body         []byte
	Events       []event.ID // that a push carries

	turn   int64
	pull   bool
	cursor string
}

// Pull tells whether it asks for changes.
func (r *Request) Pull() bool { return r.pull }

// Current tells whether the request is the phone's latest, so that its reply may change the phone.
func (d *Device) Current(r *Request) bool { return r.turn == d.disk.turn }

// Next is what the protocol calls for: a push while something is unanswered, otherwise a pull. It is nil when the tab died.
func (d *Device) Next() *Request {
	if d.disk.repair || d.Unsent() > 0 {
		return d.Push()
	}
	return d.Pull(100)
}

// Unsent counts the events that wait for an answer.
func (d *Device) Unsent() (n int) {
	for i := range d.disk.own {
		if d.disk.own[i].Unsent() {
			n++
		}
	}
	return n
}

// Push offers what is unanswered, of everyone on the phone. It may be empty, and then asks whether the head is known.
func (d *Device) Push() *Request {
	in := d.disk.installation(d.disk.person)
	req := wire.PushRequest{P: 1, Town: d.town, Inc: in.Inc, Head: d.disk.head, Wall: d.clock.Now().UnixMilli(), App: "testkit", Events: []wire.PushItem{}}
	r := &Request{Method: "POST", Path: "/api/v1/sync/push", Person: d.disk.person}
	size := 0
	for i := range d.disk.own {
		o := &d.disk.own[i]
		if !o.Unsent() {
			continue
		}
		req.Pending++
		e := d.events[o.ID]
		if size += len(e.bytes) + 300; len(req.Events) >= d.batch || size > wire.MaxBytes*9/10 && len(req.Events) > 0 {
			continue
		}
		r.Events = append(r.Events, o.ID)
		req.Events = append(req.Events, wire.PushItem{ID: o.ID.String(), Inc: e.Inc.String(), N: int64(e.N), Seal: "none", Ev: string(e.bytes), Again: o.Again})
	}
	if !d.takeTurn(r) {
		return nil
	}
	req.Turn = r.turn
	r.Body = encodePush(&req)
	return r
}

// Pull asks for what changed. It is nil while something of the phone's own is unanswered: push comes before pull.
func (d *Device) Pull(limit int) *Request {
	if d.Unsent() > 0 {
		return nil
	}
	c := d.Cache()
	q := url.Values{"cur": {c.Cursor}, "limit": {fmt.Sprint(limit)}}
	if h := d.disk.head; h != nil {
		q.Set("head", fmt.Sprintf("%s:%d:%s", h.Epoch, h.Seq, h.Chain))
	}
	r := &Request{Method: "GET", Path: "/api/v1/sync/changes?" + q.Encode(), Person: d.disk.person, pull: true, cursor: c.Cursor}
	if !d.takeTurn(r) {
		return nil
	}
	return r
}

// takeTurn makes the request the phone's latest, on disk before it leaves.
func (d *Device) takeTurn(r *Request) bool {
	r.turn = d.disk.turn + 1
	return d.write(func(k *disk) { k.turn = r.turn })
}

// encodePush spells the request. Texts are passed on byte for byte, readable or not, as a phone that does not look
// inside its queue would.
func encodePush(req *wire.PushRequest) []byte {
	var b bytes.Buffer
	evs := make([]string, len(req.Events))
	for i := range req.Events {
		evs[i], req.Events[i].Ev = req.Events[i].Ev, ""
	}
	if err := wire.Write(&b, req); err != nil {
		panic(err) // there is nothing in a request that cannot be written
	}
	out := make([]byte, 0, b.Len()+1024*len(evs))
	rest := b.Bytes()
	for _, ev := range evs {
		at := bytes.Index(rest, []byte(`"ev":""`)) + len(`"ev":`)
		out = quote(append(out, rest[:at]...), ev)
		rest = rest[at+len(`""`):]
	}
	return append(out, rest...)
}

func quote(b []byte, text string) []byte {
	b = append(b, '"')
	for _, c := range []byte(text) {
		if c == '"' || c == '\\' {
			b = append(b, '\\')
		}
		b = append(b, c)
	}
	return append(b, '"')
}
