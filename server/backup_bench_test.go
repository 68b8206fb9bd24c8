package main

import (
	"fmt"
	"net/http"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"
)

const (
	backupEntries = 430_000 // make a town of a gigabyte
	backupPhones  = 8
	backupPace    = 70 * time.Millisecond // of a phone's pushes, below what a phone may
)

// BenchmarkPushDuringBackup pushes one entry at a time from eight phones to the real binary, whose town is a gigabyte:
// first for ten seconds with nothing else going on, and then for as long as a backup is made and verified. The aim is a
// p99 of at most 100 ms during the backup.
func BenchmarkPushDuringBackup(b *testing.B) {
	binary := filepath.Join(b.TempDir(), "lofteslogg")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	data := b.TempDir()
	if out, err := exec.Command(binary, "sample", "--data", data, "--town-name", "Stor", "--entries", fmt.Sprint(backupEntries)).CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	for b.Loop() {
		s := startServerOn(b, binary, data)
		var phones []*phone
		for range backupPhones {
			phones = append(phones, s.enrol(b))
		}
		quiet := s.pushWhile(b, phones, func() { time.Sleep(10 * time.Second) })
		began := time.Now()
		during := s.pushWhile(b, phones, func() {
			if out, err := exec.Command(binary, "backup", "--data", data, "--to", b.TempDir()).CombinedOutput(); err != nil {
				b.Errorf("%v\n%s", err, out)
			}
		})
		b.ReportMetric(time.Since(began).Seconds(), "backup-s")
		for name, took := range map[string][]time.Duration{"quiet": quiet, "backup": during} {
			b.ReportMetric(quantile(took, 50), name+"-p50-ms")
			b.ReportMetric(quantile(took, 99), name+"-p99-ms")
			b.ReportMetric(quantile(took, 100), name+"-max-ms")
		}
		s.stop(b)
	}
}

// quantile is a time in milliseconds that so many per cent do not pass.
func quantile(took []time.Duration, percent int) float64 {
	slices.Sort(took)
	return float64(took[(len(took)-1)*percent/100].Microseconds()) / 1000
}

// pushWhile has all phones push at their pace until during has returned, and gives how long each push took.
func (s *runningServer) pushWhile(b *testing.B, phones []*phone, during func()) (took []time.Duration) {
	done := make(chan struct{})
	var mu sync.Mutex
	var wait sync.WaitGroup
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: len(phones)}}
	for _, p := range phones {
		wait.Go(func() {
			tick := time.NewTicker(backupPace)
			defer tick.Stop()
			for {
				select {
				case <-done:
					return
				case <-tick.C:
				}
				body := p.body(b, 1)
				began := time.Now()
				if err := p.send(client, s.url, body); err != nil {
					b.Error(err)
					return
				}
				mu.Lock()
				took = append(took, time.Since(began))
				mu.Unlock()
			}
		})
	}
	during()
	close(done)
	wait.Wait()
	return took
}
