package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
)

// verdict reads a folder that no server runs on: the program's own check must find it whole, every answered event is there once,
// and of no push a part.
func verdict(ctx context.Context, s *service, answered, sent []batch) error {
	if _, err := s.command(ctx, "verify"); err != nil {
		return fmt.Errorf("damaged: %w", err)
	}
	there, err := stored(ctx, s)
	if err != nil {
		return fmt.Errorf("damaged: %w", err)
	}
	lost := 0
	for _, b := range answered {
		for _, id := range b {
			if there[id] == 0 {
				lost++
			}
		}
	}
	if lost > 0 {
		return fmt.Errorf("lost: %d acknowledged events of %d pushes", lost, len(answered))
	}
	for _, b := range sent {
		n := 0
		for _, id := range b {
			if there[id] > 1 {
				return fmt.Errorf("doubled: event %s is there %d times", id, there[id])
			}
			n += there[id]
		}
		if n != 0 && n != len(b) {
			return fmt.Errorf("half: %d of the %d events of a push are there", n, len(b))
		}
	}
	return nil
}

// stored counts the events of a town by id.
func stored(ctx context.Context, s *service) (map[string]int, error) {
	out, err := s.command(ctx, "export")
	if err != nil {
		return nil, err
	}
	there := map[string]int{}
	lines := bufio.NewScanner(bytes.NewReader(out))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var line struct{ Record *struct{ Event string } }
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			return nil, err
		}
		if line.Record == nil || line.Record.Event == "" { // a change that no event made
			continue
		}
		var e struct{ ID string }
		if err := json.NewDecoder(strings.NewReader(line.Record.Event)).Decode(&e); err != nil {
			return nil, err
		}
		there[e.ID]++
	}
	return there, lines.Err()
}

// all gathers what the phones know.
func all(phones []*phone) (answered, sent []batch) {
	for _, p := range phones {
		answered = append(answered, p.answered...)
		sent = append(sent, p.sent...)
	}
	return answered, sent
}
