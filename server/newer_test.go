package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	bolt "go.etcd.io/bbolt"

	"lofteslogg/internal/wire"
)

// fromTomorrow makes a file one of a newer version, and gives its bytes.
func fromTomorrow(t *testing.T, path string) []byte {
	t.Helper()
	db, err := bolt.Open(path, 0o600, nil)
	must(t, err)
	must(t, db.Update(func(tx *bolt.Tx) error { _, err := tx.CreateBucket([]byte("photos")); return err }))
	must(t, db.Close())
	b, err := os.ReadFile(path)
	must(t, err)
	return b
}

func TestAnOlderServerLeavesATownOfANewerOneAsItIsAndPhonesWait(t *testing.T) {
	t.Parallel()
	p := start(t, filepath.Join(t.TempDir(), "data"))
	phone, me, inc := p.phone(p.code("/app/"))
	phone.patrol(me, inc, 1)
	onlyBackup(t, p.data)
	p.stop()
	path := fileOf(p.data, me.Town.ID)
	was := fromTomorrow(t, path)

	again := start(t, p.data)
	phone.p = again
	var health wire.Health
	if status := (guest{p: again}).ask(http.MethodGet, "/readyz", nil, &health); status != http.StatusServiceUnavailable || health.Why != "newer-file" {
		t.Errorf("readyz: %d %+v", status, health)
	}
	var said string
	if status := phone.ask(http.MethodPost, "/api/v1/sync/push", wire.PushRequest{P: 1, Town: me.Town.ID, Inc: inc, Turn: 9, App: "test", Events: []wire.PushItem{}}, &said); status != http.StatusServiceUnavailable || !strings.Contains(said, "newer-file") {
		t.Errorf("a push is answered %d %s", status, said)
	}
	until(t, "said", func() bool {
		return strings.Contains(again.log.String(), "written by a newer version; start that version")
	})
	again.stop()
	if now, err := os.ReadFile(path); err != nil || string(now) != string(was) {
		t.Errorf("the file was changed: %v", err)
	}
	if aside, err := filepath.Glob(path + ".*"); err != nil || len(aside) > 0 {
		t.Errorf("something took its place: %v, %v", aside, err)
	}
}

func TestAnOlderServerDoesNotStartOnAccountsOfANewerOne(t *testing.T) {
	t.Parallel()
	p, _ := lived(t)
	p.stop()
	path := filepath.Join(p.data, accessName)
	was := fromTomorrow(t, path)
	_, err := command(t, "serve", "--addr", "localhost:0", "--data", p.data)
	if err == nil || !strings.Contains(err.Error(), "written by a newer version; start that") {
		t.Errorf("got %v", err)
	}
	if now, err := os.ReadFile(path); err != nil || string(now) != string(was) {
		t.Errorf("the file was changed: %v", err)
	}
}
