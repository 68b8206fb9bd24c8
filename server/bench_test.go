package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"lofteslogg/internal/clock"
	"lofteslogg/internal/event"
	"lofteslogg/internal/wire"
)

// BenchmarkServer pushes over real HTTP to the real binary: phones at once, gzip, fsync. private-MB is the most
// anonymous memory of the server's process that was seen; the aim is 64 at 8×50.
func BenchmarkServer(b *testing.B) {
	binary := filepath.Join(b.TempDir(), "lofteslogg")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	for _, l := range []struct{ phones, batch, rounds int }{{1, 1, 200}, {8, 50, 60}, {64, 1, 20}, {64, 50, 5}, {8, 500, 6}} {
		b.Run(fmt.Sprintf("%dx%d", l.phones, l.batch), func(b *testing.B) {
			for b.Loop() {
				s := startServer(b, binary)
				took, wall, sent := s.push(b, l.phones, l.batch, l.rounds)
				slices.Sort(took)
				events := float64(l.phones * l.batch * l.rounds)
				b.ReportMetric(events/wall.Seconds(), "events/s")
				b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
				b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
				b.ReportMetric(float64(sent)/events, "wire-B/event")
				b.ReportMetric(s.stop(b), "private-MB")
			}
		})
	}
}

type runningServer struct {
	cmd  *exec.Cmd
	url  string
	data string
	bin  string
	done chan struct{}
	peak float64
}

func startServer(b *testing.B, binary string) *runningServer {
	return startServerOn(b, binary, b.TempDir())
}

func startServerOn(b *testing.B, binary, data string) *runningServer {
	s := &runningServer{bin: binary, data: data, done: make(chan struct{})}
	s.cmd = exec.Command(binary, "serve", "--addr", "127.0.0.1:0", "--data", s.data, "--backup-every", "0")
	log, err := s.cmd.StderrPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		b.Fatal(err)
	}
	decoder := json.NewDecoder(log)
	for s.url == "" {
		var line struct{ Msg, At string }
		if err := decoder.Decode(&line); err != nil {
			b.Fatal(err)
		}
		if line.Msg == "serving" {
			s.url = "http://" + line.At
		}
	}
	go func() { _, _ = io.Copy(io.Discard, log) }()
	go s.watch()
	return s
}

// watch looks at the server's private memory until it stops.
func (s *runningServer) watch() {
	defer close(s.done)
	for {
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
		if err != nil || !strings.Contains(string(status), "RssAnon") {
			return
		}
		for line := range strings.Lines(string(status)) {
			if f := strings.Fields(line); len(f) == 3 && f[0] == "RssAnon:" {
				kb, _ := strconv.ParseFloat(f[1], 64)
				s.peak = max(s.peak, kb/1024)
			}
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func (s *runningServer) stop(b *testing.B) float64 {
	if err := s.cmd.Process.Signal(os.Interrupt); err != nil {
		b.Fatal(err)
	}
	if err := s.cmd.Wait(); err != nil {
		b.Error(err)
	}
	<-s.done
	return s.peak
}

// phone is an enrolled phone that only pushes.
type phone struct {
	account, inc, town event.ID
	token              string
	n                  uint64
}

func (s *runningServer) enrol(b *testing.B) *phone {
	out, err := exec.Command(s.bin, "invite", "--role", "field", "--json", "--data", s.data).Output()
	if err != nil {
		b.Fatal(err)
	}
	var invitation struct{ Phone string }
	if err := json.Unmarshal(out, &invitation); err != nil {
		b.Fatal(err)
	}
	_, code, _ := strings.Cut(invitation.Phone, "#k=")
	p := &phone{}
	if p.inc, err = event.NewID(); err != nil {
		b.Fatal(err)
	}
	p.token = base64.RawURLEncoding.EncodeToString(append(p.inc[:], p.inc[:]...))
	body, err := json.Marshal(wire.EnrolRequest{Code: code, Token: p.token, Inc: p.inc, Name: "Kim", Party: "police", App: "bench"})
	if err != nil {
		b.Fatal(err)
	}
	res, err := (&http.Client{Timeout: 10 * time.Second}).Post(s.url+"/api/v1/enrol", "application/json", bytes.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	defer res.Body.Close()
	var reply wire.EnrolReply
	if err := json.NewDecoder(res.Body).Decode(&reply); err != nil || res.StatusCode != http.StatusOK {
		b.Fatalf("enrol: %v %v", res.Status, err)
	}
	p.account, p.town = reply.Account, reply.Town.ID
	return p
}

func (s *runningServer) push(b *testing.B, phones, batch, rounds int) (took []time.Duration, wall time.Duration, sent int) {
	var all []*phone
	for range phones {
		all = append(all, s.enrol(b))
	}
	bodies := make([][][]byte, phones)
	for i, p := range all {
		for range rounds {
			body := p.body(b, batch)
			bodies[i], sent = append(bodies[i], body), sent+len(body)
		}
	}
	took = make([]time.Duration, phones*rounds)
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: phones}}
	begin := time.Now()
	var wait sync.WaitGroup
	for i, p := range all {
		wait.Go(func() {
			for r, body := range bodies[i] {
				t := time.Now()
				if err := p.send(client, s.url, body); err != nil {
					b.Error(err)
				}
				took[i*rounds+r] = time.Since(t)
			}
		})
	}
	wait.Wait()
	return took, time.Since(begin), sent
}

func (p *phone) body(b *testing.B, batch int) []byte {
	req := wire.PushRequest{P: 1, Town: p.town, Inc: p.inc, Pending: batch, Persisted: true, App: "1.0.0", Events: []wire.PushItem{}}
	for range batch {
		p.n++
		id, err := event.NewID()
		if err != nil {
			b.Fatal(err)
		}
		e := &event.Event{
			Version: 1, Town: p.town, ID: id, Entity: id, Inc: p.inc, N: p.n, HLC: clock.Of(time.Now().UnixMilli(), uint16(p.n)), By: p.account, Catalog: 1,
			New: &event.Birth{Type: "activity", Kind: "foot_patrol"},
			Set: []event.Field{{Name: "minutes", Value: event.Int(30)}, {Name: "parties", Value: event.Texts("police")}, {Name: "place", Value: event.Text(p.town.String())}, {Name: "started_at", Value: event.Text("2026-11-20T21:10+01:00")}},
		}
		req.Events = append(req.Events, wire.PushItem{ID: id.String(), Inc: p.inc.String(), N: int64(p.n), Seal: "none", Ev: string(e.Append(nil))})
	}
	var out bytes.Buffer
	zip := gzip.NewWriter(&out)
	if err := wire.Write(zip, &req); err != nil {
		b.Fatal(err)
	}
	if err := zip.Close(); err != nil {
		b.Fatal(err)
	}
	return out.Bytes()
}

func (p *phone) send(client *http.Client, url string, body []byte) error {
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, url+"/api/v1/sync/push", bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+p.token)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Content-Encoding", "gzip")
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	said, err := io.ReadAll(res.Body)
	if err == nil && (res.StatusCode != http.StatusOK || !bytes.Contains(said, []byte(`"c":"ok"`))) {
		err = fmt.Errorf("push: %s %.200s", res.Status, said)
	}
	return err
}
