package replica_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"lofteslogg/internal/clock"
	"lofteslogg/internal/event"
	"lofteslogg/internal/pledge"
	"lofteslogg/internal/replica"
	"lofteslogg/internal/store"
	"lofteslogg/internal/store/boltstore"
	"lofteslogg/internal/store/memstore"
	"lofteslogg/internal/wire"
)

// load is how many phones push at once, and how many events each batch has.
type load struct{ phones, batch, rounds int }

var loads = []load{
	{1, 1, 300},
	{8, 1, 100},
	{64, 1, 30},
	{1, 50, 40},
	{8, 50, 12},
	{64, 50, 4},
	{1, 500, 8},
	{8, 500, 3},
	{64, 500, 1},
}

// BenchmarkPush pushes foot patrols from phones at once to a real file, and has raw bbolt write the same keys and
// bytes with db.Batch in the same run. x-raw is ours ÷ raw in events per second; the aims are 0.4 at 64×50 and 1.0 at
// 64×1, and six times the events of 1×1 at 64×1.
func BenchmarkPush(b *testing.B) {
	for _, l := range loads {
		b.Run(fmt.Sprintf("%dx%d", l.phones, l.batch), func(b *testing.B) {
			for b.Loop() {
				w := newWork(b, l)
				rawTime := w.raw(b)
				o := w.ours(b)
				events := float64(l.phones * l.batch * l.rounds)
				b.ReportMetric(events/o.wall.Seconds(), "events/s")
				b.ReportMetric(rawTime.Seconds()/o.wall.Seconds(), "x-raw")
				b.ReportMetric(o.quantile(0.5), "p50-ms")
				b.ReportMetric(o.quantile(0.99), "p99-ms")
				b.ReportMetric(o.cpu.Seconds()*1e6/events, "cpu-us/event")
				b.ReportMetric(2*float64(o.commits)/float64(len(o.took)), "fsync/push")
				b.ReportMetric(float64(o.disk)/events, "disk-B/event")
				b.ReportMetric(w.wireBytes(b)/events, "wire-B/event")
			}
		})
	}
}

// work is what all phones push: per phone its batches in order.
type work struct {
	load
	accounts []event.ID
	people   people
	batches  [][]*wire.PushRequest
}

func newWork(b *testing.B, l load) *work {
	w := &work{load: l, people: people{desk: {Role: replica.Coordinator}}}
	for p := range l.phones {
		account := event.ID{0: 9, 14: byte(p >> 8), 15: byte(p)}
		w.accounts = append(w.accounts, account)
		w.people[account] = replica.Person{Role: replica.Field, Party: "police"}
		var list []*wire.PushRequest
		for r := range l.rounds {
			list = append(list, w.request(b, account, r))
		}
		w.batches = append(w.batches, list)
	}
	return w
}

func (w *work) request(b *testing.B, account event.ID, round int) *wire.PushRequest {
	req := &wire.PushRequest{P: 1, Town: townID, Inc: inc(account), Turn: int64(round), Pending: w.batch, App: "1.0.0", Persisted: true}
	for i := range w.batch {
		id, err := event.NewID()
		if err != nil {
			b.Fatal(err)
		}
		n := uint64(round*w.batch + i + 1)
		e := &event.Event{
			Version: 1, Town: townID, ID: id, Entity: id, Inc: inc(account), N: n, HLC: clock.Of(now.UnixMilli(), uint16(n)), By: account, Catalog: 1,
			New: &event.Birth{Type: "activity", Kind: "foot_patrol"},
			Set: []event.Field{
				{Name: "contacts", Value: event.Text("1-5")},
				{Name: "minutes", Value: event.Int(int64(15 * (1 + n%4)))},
				{Name: "parties", Value: event.Texts("police")},
				{Name: "people_out", Value: event.Int(2)},
				{Name: "place", Value: event.Text(townID.String())},
				{Name: "started_at", Value: event.Text("2026-11-20T21:10+01:00")},
			},
		}
		req.Events = append(req.Events, wire.PushItem{ID: id.String(), Inc: e.Inc.String(), N: int64(n), Seal: "none", Ev: string(e.Append(nil))})
	}
	return req
}

func (w *work) open(b *testing.B, engine store.Engine) *replica.Replica {
	r, err := replica.Open(context.Background(), engine, w.people, replica.Options{})
	if err != nil {
		b.Fatal(err)
	}
	if err := r.Create(context.Background(), townID); err != nil {
		b.Fatal(err)
	}
	events, err := pledge.Munkfors(&pledge.Writer{Town: townID, Inc: inc(desk), By: desk, Now: now, NewID: event.NewID})
	if err != nil {
		b.Fatal(err)
	}
	req := &wire.PushRequest{P: 1, Town: townID, Inc: inc(desk)}
	for _, e := range events {
		req.Events = append(req.Events, wire.PushItem{ID: e.ID.String(), Inc: e.Inc.String(), N: int64(e.N), Seal: "none", Ev: string(e.Append(nil))})
	}
	if _, err := r.Push(context.Background(), replica.Caller{Town: townID, Account: desk, Role: replica.Coordinator}, req); err != nil {
		b.Fatal(err)
	}
	return r
}

// run has every phone do its rounds, all phones at once, and gives the time and each round's.
func (w *work) run(b *testing.B, do func(phone, round int) error) (wall time.Duration, took []time.Duration) {
	took = make([]time.Duration, w.phones*w.rounds)
	var wait sync.WaitGroup
	begin := time.Now()
	for p := range w.phones {
		wait.Go(func() {
			for r := range w.rounds {
				t := time.Now()
				if err := do(p, r); err != nil {
					b.Error(err)
				}
				took[p*w.rounds+r] = time.Since(t)
			}
		})
	}
	wait.Wait()
	return time.Since(begin), took
}

type outcome struct {
	wall, cpu time.Duration
	took      []time.Duration
	commits   int64
	disk      int64
}

func (o *outcome) quantile(q float64) float64 {
	slices.Sort(o.took)
	return float64(o.took[int(q*float64(len(o.took)-1))].Microseconds()) / 1000
}

func (w *work) ours(b *testing.B) *outcome {
	o, dir := &outcome{}, b.TempDir()
	var commits atomic.Int64
	engine, err := boltstore.Open(dir, boltstore.Options{AfterCommit: func(event.ID) { commits.Add(1) }})
	if err != nil {
		b.Fatal(err)
	}
	r := w.open(b, engine)
	before, cpu := commits.Load(), cpuTime()
	size := sizeOf(b, dir)
	o.wall, o.took = w.run(b, func(p, n int) error {
		reply, err := r.Push(context.Background(), replica.Caller{Town: townID, Account: w.accounts[p], Role: replica.Field}, w.batches[p][n])
		if err == nil && reply.Res[0].C != wire.ResOK {
			err = fmt.Errorf("%+v", reply.Res[0])
		}
		return err
	})
	o.cpu, o.commits = cpuTime()-cpu, commits.Load()-before
	if err := engine.Close(); err != nil {
		b.Fatal(err)
	}
	o.disk = sizeOf(b, dir) - size
	return o
}

// put is one key that a push wrote; a nil value with gone set is one that it deleted.
type put struct {
	bucket     store.Bucket
	key, value []byte
	gone       bool
}

// raw writes what our pushes write, with nothing but bbolt's own db.Batch.
func (w *work) raw(b *testing.B) time.Duration {
	writes := w.record(b)
	db, err := bbolt.Open(filepath.Join(b.TempDir(), "raw.db"), 0o600, &bbolt.Options{FreelistType: bbolt.FreelistMapType})
	if err != nil {
		b.Fatal(err)
	}
	defer func() {
		if err := db.Close(); err != nil {
			b.Error(err)
		}
	}()
	err = db.Update(func(tx *bbolt.Tx) error {
		for _, name := range store.Buckets() {
			if _, err := tx.CreateBucket([]byte(name)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	wall, _ := w.run(b, func(p, n int) error {
		return db.Batch(func(tx *bbolt.Tx) error {
			for _, each := range writes[p][n] {
				bucket, err := tx.Bucket([]byte(each.bucket)), error(nil)
				if each.gone {
					err = bucket.Delete(each.key)
				} else {
					err = bucket.Put(each.key, each.value)
				}
				if err != nil {
					return err
				}
			}
			return nil
		})
	})
	return wall
}

// record pushes everything once to memory and notes what was put.
func (w *work) record(b *testing.B) [][][]put {
	rec := &recorder{Engine: memstore.New()}
	r := w.open(b, rec)
	out := make([][][]put, w.phones)
	for n := range w.rounds {
		for p := range w.phones {
			rec.puts = nil
			if _, err := r.Push(context.Background(), replica.Caller{Town: townID, Account: w.accounts[p], Role: replica.Field}, w.batches[p][n]); err != nil {
				b.Fatal(err)
			}
			out[p] = append(out[p], rec.puts)
		}
	}
	return out
}

// recorder is an engine that remembers what the last Update put.
type recorder struct {
	store.Engine
	puts []put
}

func (r *recorder) Update(ctx context.Context, town event.ID, fn func(store.Tx) error) error {
	return r.Engine.Update(ctx, town, func(tx store.Tx) error { return fn(recording{tx, r}) })
}

type recording struct {
	store.Tx
	r *recorder
}

func (t recording) Put(b store.Bucket, key, value []byte) error {
	t.r.puts = append(t.r.puts, put{b, bytes.Clone(key), append(bytes.Clone(value), 0, 0, 0, 0), false}) // four for the checksum
	return t.Tx.Put(b, key, value)
}

func (t recording) Delete(b store.Bucket, key []byte) error {
	t.r.puts = append(t.r.puts, put{b, bytes.Clone(key), nil, true})
	return t.Tx.Delete(b, key)
}

// wireBytes is what all requests weigh on the wire, with gzip.
func (w *work) wireBytes(b *testing.B) float64 {
	var out bytes.Buffer
	for _, list := range w.batches {
		for _, req := range list {
			zip := gzip.NewWriter(&out)
			if err := wire.Write(zip, req); err != nil {
				b.Fatal(err)
			}
			if err := zip.Close(); err != nil {
				b.Fatal(err)
			}
		}
	}
	return float64(out.Len())
}

func cpuTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func sizeOf(b *testing.B, dir string) (n int64) {
	err := filepath.Walk(dir, func(_ string, info os.FileInfo, err error) error {
		if err == nil && !info.IsDir() {
			n += info.Size()
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return n
}
