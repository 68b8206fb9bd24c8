package main

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"lofteslogg/internal/clock"
	"lofteslogg/internal/event"
	"lofteslogg/internal/wire"
)

func TestWhatWasAnsweredBeforeTheStopIsThereAfterIt(t *testing.T) {
	p := start(t, filepath.Join(t.TempDir(), "data"))
	phone, me, inc := p.phone(p.code("/app/"))
	var answered int
	var pushing sync.WaitGroup
	begun := make(chan struct{})
	pushing.Go(func() {
		for n := uint64(1); ; n++ {
			if !phone.tries(me, inc, n) {
				return
			}
			if answered++; answered == 5 {
				close(begun)
			}
		}
	})
	<-begun
	p.stop() // says so when it takes more than five seconds
	pushing.Wait()
	h, _ := atHome(t, p.data, 2)
	table, err := h.replica.Table(me.Town.ID)
	must(t, err)
	if n := table.Len(); n < answered || n > answered+1 {
		t.Errorf("%d were answered, %d are there", answered, n)
	}
}

// tries pushes a patrol and tells whether it was answered as stored.
func (g guest) tries(me wire.EnrolReply, inc event.ID, n uint64) bool {
	id, err := event.NewID()
	if err != nil {
		return false
	}
	e := event.Event{
		Version: 1, Town: me.Town.ID, ID: id, Entity: id, Inc: inc, N: n, HLC: clock.Stamp(n), By: me.Account, Catalog: 1,
		New: &event.Birth{Type: "activity", Kind: "foot_patrol"}, Set: []event.Field{{Name: "minutes", Value: event.Int(40)}},
	}
	var b strings.Builder
	if err := wire.Write(&b, &wire.PushRequest{P: 1, Town: me.Town.ID, Inc: inc, App: "test", Events: []wire.PushItem{{ID: id.String(), Inc: inc.String(), N: int64(n), Seal: "none", Ev: string(e.Append(nil))}}}); err != nil {
		return false
	}
	r, err := http.NewRequestWithContext(g.p.t.Context(), http.MethodPost, g.p.url+"/api/v1/sync/push", strings.NewReader(b.String()))
	if err != nil {
		return false
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+g.token)
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return false
	}
	defer res.Body.Close()
	said, err := io.ReadAll(res.Body)
	return err == nil && strings.Contains(string(said), `"c":"ok"`)
}

func TestAFolderThatCannotBeMadeIsSaidAtOnce(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	must(t, os.WriteFile(file, nil, 0o600))
	for _, args := range [][]string{{"serve", "--addr", "localhost:0"}, {"backup"}, {"verify"}} {
		if _, err := command(t, append(args, "--data", filepath.Join(file, "data"))...); err == nil || !strings.Contains(err.Error(), "make the data folder") {
			t.Errorf("%v: %v", args, err)
		}
	}
}
