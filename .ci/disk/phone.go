package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"regexp"
	"time"

	"github.com/google/uuid"
)

// phone pushes entries, and remembers of each whether it was answered as stored.
type phone struct {
	s              *service
	token, inc     string
	account, town  string
	n, turn        int
	size           int // events in a push
	note           string
	answered, sent []batch
}

// batch is the ids of one push. All of them are stored, or none.
type batch []string

var link = regexp.MustCompile(`#k=([\w-]+)`)

// enrol connects a phone by an invitation of the command line.
func enrol(ctx context.Context, s *service, size int) (*phone, error) {
	said, err := s.command(ctx, "invite", "--role", "field", "--json")
	if err != nil {
		return nil, err
	}
	key := link.FindSubmatch(said)
	if key == nil {
		return nil, fmt.Errorf("no link in %s", said)
	}
	var secret [32]byte
	_, _ = rand.Read(secret[:]) // never fails
	p := &phone{s: s, token: base64.RawURLEncoding.EncodeToString(secret[:]), inc: newID(), size: size, note: "Lugnt på torget."}
	var me struct {
		Account string
		Town    struct{ ID string }
	}
	body := map[string]any{"code": string(key[1]), "token": p.token, "inc": p.inc, "name": "Kim Lind", "party": "police", "app": "disk"}
	status, problem, err := s.ask(ctx, http.MethodPost, "/api/v1/enrol", "", body, &me)
	if err != nil || status != http.StatusOK {
		return nil, errors.Join(err, fmt.Errorf("enrol: %d %s", status, problem))
	}
	p.account, p.town = me.Account, me.Town.ID
	return p, nil
}

func newID() string { return uuid.Must(uuid.NewV7()).String() }

// push sends new entries and tells the status; 0 when no answer came.
func (p *phone) push(ctx context.Context) (status int, problem string) {
	ids, events := p.write()
	p.sent = append(p.sent, ids)
	var reply struct{ Res []struct{ ID, C string } }
	status, problem, err := p.s.ask(ctx, http.MethodPost, "/api/v1/sync/push", p.token, p.request(events), &reply)
	if err != nil {
		return 0, ""
	}
	if status != http.StatusOK {
		return status, problem
	}
	for _, r := range reply.Res {
		if r.C != "ok" {
			return status, r.C
		}
	}
	p.answered = append(p.answered, ids)
	return status, ""
}

// isKnown tells whether a server knows the phone: it answers a push of nothing.
func (p *phone) isKnown(ctx context.Context, s *service) bool {
	status, _, err := s.ask(ctx, http.MethodPost, "/api/v1/sync/push", p.token, p.request([]map[string]any{}), nil)
	return err == nil && status == http.StatusOK
}

func (p *phone) request(events []map[string]any) map[string]any {
	p.turn++
	return map[string]any{
		"p": 1, "town": p.town, "inc": p.inc, "turn": p.turn, "head": nil, "wall": time.Now().UnixMilli(), "pending": len(events),
		"oldest": nil, "persisted": true, "app": "disk", "events": events,
	}
}

// write spells new entries as docs/api/protocol.md has them.
func (p *phone) write() (ids batch, items []map[string]any) {
	for range p.size {
		p.n++
		id := newID()
		ev, err := json.Marshal(map[string]any{ // names in order, as the canonical form wants
			"base": map[string]any{}, "by": p.account, "cat": 1, "e": id, "hlc": fmt.Sprintf("%012x-0000", time.Now().UnixMilli()), "id": id, "inc": p.inc, "n": p.n,
			"new": map[string]any{"kind": "foot_patrol", "parent": nil, "t": "activity"}, "off": nil,
			"set":  map[string]any{"minutes": 15 + p.n%90, "note": p.note},
			"town": p.town, "v": 1,
		})
		if err != nil {
			panic(err) // maps of texts and numbers
		}
		ids = append(ids, id)
		items = append(items, map[string]any{"id": id, "inc": p.inc, "n": p.n, "seal": "none", "ev": string(ev), "sig": nil, "again": false})
	}
	return ids, items
}

// everyone pushes at once until ctx ends or each has pushed most times. after is called with each answer, and may be nil.
func everyone(ctx context.Context, phones []*phone, most int, after func(p *phone, status int)) {
	done := make(chan struct{})
	for _, p := range phones {
		go func() {
			defer func() { done <- struct{}{} }()
			for i := 0; i < most && ctx.Err() == nil; i++ {
				status, _ := p.push(ctx)
				if after != nil {
					after(p, status)
				}
				if status == 0 && !p.s.alive() {
					return
				}
			}
		}()
	}
	for range phones {
		<-done
	}
}

const forEver = math.MaxInt
