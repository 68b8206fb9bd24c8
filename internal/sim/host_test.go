package sim

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"

	"lofteslogg/internal/event"
	"lofteslogg/internal/wire"
)

var overlay = flag.String("sim.overlay", "", "files to build the app's phones from, in place of the real ones")

// command is what happens to the phones that run the app; see pwa/src/sim/words.ts.
type command struct {
	Do        string          `json:"do"`
	At        int64           `json:"at"`
	Mono      int64           `json:"mono"`
	Seed      string          `json:"seed,omitempty"`
	Phone     int             `json:"phone"`
	Tab       int             `json:"tab"`
	KillAt    int             `json:"killAt,omitempty"`
	KillAfter int             `json:"killAfter,omitempty"`
	Skew      int64           `json:"skew"`
	Into      int             `json:"into,omitempty"`
	Name      string          `json:"name,omitempty"`
	After     int             `json:"after,omitempty"`
	Times     int             `json:"times,omitempty"`
	Code      string          `json:"code,omitempty"`
	Party     string          `json:"party,omitempty"`
	Kind      string          `json:"kind,omitempty"`
	Entity    *event.ID       `json:"e,omitempty"`
	Form      int             `json:"form"`
	Values    map[string]any  `json:"values,omitzero"`
	Base      map[string]any  `json:"base,omitzero"`
	Reason    string          `json:"reason,omitempty"`
	Bytes     string          `json:"bytes"`
	By        string          `json:"by,omitempty"`
	Texts     []string        `json:"texts,omitempty"`
	ID        int             `json:"id,omitempty"`
	Status    int             `json:"status,omitempty"`
	Type      string          `json:"type"`
	Retry     string          `json:"retry"`
	Body      json.RawMessage `json:"body,omitempty"` // a text, already quoted
}

// said is what came of a command once everything was at rest.
type said struct {
	Asked    []asked         `json:"asked"`
	Gone     []int           `json:"gone"`
	Ended    []ended         `json:"ended"`
	Due      map[int]float64 `json:"due"`
	Died     bool            `json:"died"`
	Look     *look           `json:"look"`
	Found    []string        `json:"found"`
	Uncaught []string        `json:"uncaught"`
}

type asked struct {
	ID     int    `json:"id"`
	Phone  int    `json:"phone"`
	Tab    int    `json:"tab"`
	Method string `json:"method"`
	Path   string `json:"path"`
	Token  string `json:"token"`
	Body   string `json:"body"`
	Turn   int64  `json:"turn"`
}

type ended struct {
	Form  int             `json:"form"`
	OK    bool            `json:"ok"`
	Value json.RawMessage `json:"value"`
	Error string          `json:"error"`
}

// look is all that a phone keeps, and what its tab shows.
type look struct {
	Account string      `json:"account"`
	People  []seated    `json:"people"`
	Head    *wire.Head  `json:"head"`
	Turn    int64       `json:"turn"`
	Settled int64       `json:"settled"`
	Rows    []row       `json:"rows"`
	Drafts  []string    `json:"drafts"`
	Cache   cached      `json:"cache"`
	Shown   *shownState `json:"shown"`
}

type seated struct {
	Account event.ID `json:"account"`
	Inc     event.ID `json:"inc"`
}

type row struct {
	ID       event.ID `json:"id"`
	E        event.ID `json:"e"`
	Inc      event.ID `json:"inc"`
	N        uint64   `json:"n"`
	Bytes    string   `json:"bytes"`
	State    string   `json:"state"`
	Seq      *uint64  `json:"seq"`
	Why      *string  `json:"why"`
	Again    bool     `json:"again"`
	Answered *int64   `json:"answered"`
	SavedAt  int64    `json:"savedAt"`
}

type cached struct {
	Epoch    string        `json:"epoch"`
	Cursor   string        `json:"cursor"`
	Tally    *wire.Tally   `json:"tally"`
	Entities []wire.Entity `json:"entities"`
}

type shownState struct {
	Entries []struct {
		E         event.ID                   `json:"e"`
		Kind      string                     `json:"kind"`
		Values    map[string]json.RawMessage `json:"values"`
		State     string                     `json:"state"`
		Retracted *string                    `json:"retracted"`
		Unsent    int                        `json:"unsent"`
	} `json:"entries"`
	Measures []struct {
		E     event.ID `json:"e"`
		Kinds []string `json:"kinds"`
		Done  *int     `json:"done"`
		Mine  int      `json:"mine"`
	} `json:"measures"`
	Sync struct {
		Unsent  int    `json:"unsent"`
		Action  int    `json:"action"`
		Phase   string `json:"phase"`
		Waiting *struct {
			Why   string  `json:"why"`
			Until float64 `json:"until"`
		} `json:"waiting"`
	} `json:"sync"`
}

// host is a Node process with the phones of one world in it. It is spoken to in lockstep.
type host struct {
	in   io.WriteCloser
	out  *bufio.Reader
	stop func() error
}

// buildHost has the app's phones built into a folder and gives the program's path.
func buildHost(folder string) (string, error) {
	args := []string{"scripts/sim.mjs", folder}
	if *overlay != "" {
		args = append(args, *overlay)
	}
	build := exec.Command("node", args...)
	build.Dir = filepath.Join("..", "..", "pwa")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the app's phones, which needs Node and pwa/node_modules: %w\n%s", err, out)
	}
	return filepath.Join(folder, "host.mjs"), nil
}

func startHost(ctx context.Context, program string) (*host, error) {
	node := exec.CommandContext(ctx, "node", program)
	node.Stderr = os.Stderr
	in, err := node.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := node.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := node.Start(); err != nil {
		return nil, err
	}
	stop := func() error { return errors.Join(in.Close(), node.Wait()) }
	return &host{in: in, out: bufio.NewReaderSize(out, 1<<20), stop: stop}, nil
}

// say hands over a line and waits for the answer to it.
func (h *host) say(line []byte) ([]byte, error) {
	if _, err := h.in.Write(append(line, '\n')); err != nil {
		return nil, err
	}
	answer, err := h.out.ReadBytes('\n')
	if err != nil {
		return nil, fmt.Errorf("the app's phones stopped, see what they said: %w", err)
	}
	return answer, nil
}
