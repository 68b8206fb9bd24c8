package sim

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"lofteslogg/internal/access"
	"lofteslogg/internal/clock"
	"lofteslogg/internal/event"
	"lofteslogg/internal/httpapi"
	"lofteslogg/internal/replica"
	"lofteslogg/internal/store"
	"lofteslogg/internal/store/boltstore"
	"lofteslogg/internal/wire"
)

// boltDepot is a folder of real files. It leaves out the fsync, which the engine's own tests look after.
type boltDepot struct {
	dir    string
	engine *boltstore.Engine
}

func (b *boltDepot) kind() string { return "bolt" }

func (b *boltDepot) snapshot() any {
	var out bytes.Buffer
	must(b.engine.Copy(background, townID, &out))
	return out.Bytes()
}

func (b *boltDepot) restore(snapshot any) store.Engine {
	b.close()
	file := filepath.Join(b.dir, townID.String()+".db")
	if snapshot == nil {
		must(os.RemoveAll(b.dir))
	} else {
		must(os.MkdirAll(b.dir, 0o700))
		must(os.WriteFile(file, snapshot.([]byte), 0o600))
	}
	engine, err := boltstore.Open(b.dir, boltstore.Options{UnsafeNoSync: true})
	must(err)
	b.engine = engine
	return engine
}

func (b *boltDepot) over() {
	b.close()
	must(os.RemoveAll(b.dir))
}

func (b *boltDepot) close() {
	if b.engine != nil {
		must(b.engine.Close())
		b.engine = nil
	}
}

func TestWeatherOnRealFiles(t *testing.T) {
	stage{world: before(newHandler), depot: onFiles(t)}.weather(t, *seeds/15)
}

func onFiles(t *testing.T) func() depot {
	return func() depot {
		return &boltDepot{dir: filepath.Join(t.TempDir(), "towns")}
	}
}

func TestWeatherBehindTheRealRouter(t *testing.T) {
	accounts, err := access.Open(filepath.Join(t.TempDir(), "access"), clock.Wall{})
	must(err)
	t.Cleanup(func() { must(accounts.Close()) })
	for i := range 5 {
		enrol(accounts, accountID(i))
	}
	real := func(w *world) http.Handler {
		h, err := httpapi.New(httpapi.Options{Sync: ranked{w.rep, w}, Access: accounts, Log: slog.New(slog.DiscardHandler), Clock: w.clock})
		must(err)
		return h
	}
	stage{depot: newMemDepot, world: before(real)}.weather(t, *seeds/5)
}

// token is what an account's phones show. The house of accounts is real; the thin handler takes the same.
func token(account event.ID) string {
	sum := sha256.Sum256(account[:])
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func enrol(s *access.Store, account event.ID) {
	p, err := s.AddPerson(access.Person{ID: account, Town: townID, Name: "Kim", Role: access.Coordinator})
	must(err)
	codes, err := s.Invite(access.Invitation{Town: townID, Role: p.Role, Account: p.ID, Name: p.Name})
	must(err)
	_, err = s.Enrol(access.Enrolment{Code: codes.Link, Token: token(account), Inc: account, Name: p.Name})
	must(err)
}

// ranked gives each caller the rights that the weather has given.
type ranked struct {
	*replica.Replica
	w *world
}

func (r ranked) now(c replica.Caller) replica.Caller {
	a := r.w.people.find(c.Account)
	c.Role, c.Revoked = a.Role, a.Revoked
	return c
}

func (r ranked) Push(ctx context.Context, c replica.Caller, req *wire.PushRequest) (*wire.PushReply, error) {
	return r.Replica.Push(ctx, r.now(c), req)
}

func (r ranked) Changes(ctx context.Context, c replica.Caller, cur, head string, limit int) (*wire.ChangesReply, error) {
	return r.Replica.Changes(ctx, r.now(c), cur, head, limit)
}

func (r ranked) Digest(ctx context.Context, c replica.Caller) (*wire.DigestReply, error) {
	return r.Replica.Digest(ctx, r.now(c))
}

func (r ranked) History(ctx context.Context, c replica.Caller, e event.ID) (*wire.HistoryReply, error) {
	return r.Replica.History(ctx, r.now(c), e)
}
