package main

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
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

func TestAFolderThatCannotBeMadeIsSaidAtOnce(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	must(t, os.WriteFile(file, nil, 0o600))
	for _, args := range [][]string{{"serve", "--addr", "localhost:0"}, {"backup"}, {"verify"}} {
		if _, err := command(t, append(args, "--data", filepath.Join(file, "data"))...); err == nil || !strings.Contains(err.Error(), "make the data folder") {
			t.Errorf("%v: %v", args, err)
		}
	}
}
