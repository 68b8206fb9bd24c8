package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"

	"lofteslogg/internal/access"
	"lofteslogg/internal/activity"
	"lofteslogg/internal/activity/edition"
	"lofteslogg/internal/clock"
	"lofteslogg/internal/config"
	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
	"lofteslogg/internal/pledge"
)

type townCatalogCmd struct {
	Town    string `arg:"" optional:"" help:"Slug or id of the town; may be left out when there is one."`
	File    string `xor:"from" help:"Publish what this file says." placeholder:"FILE"`
	Example bool   `xor:"from" help:"Publish the catalogue of the example town of this version."`
	Try     bool   `help:"Say what would change, and write nothing."`
}

// Run prints the catalogue, or publishes another and says what changed.
func (cmd *townCatalogCmd) Run(ctx context.Context, o *outside, c *config.Config) error {
	doc, err := cmd.document()
	if err != nil {
		return err
	}
	return ask(ctx, o, c, func(s steward) error {
		got, err := s.Catalog(ctx, newEdition{Town: cmd.Town, Document: doc, Try: cmd.Try})
		switch {
		case err != nil:
			return err
		case doc == nil:
			_, err = io.WriteString(o.stdout, got.Document)
			return err
		}
		return got.show(o.stdout)
	})
}

// document is what is to be published, nil when nothing is.
func (cmd *townCatalogCmd) document() ([]byte, error) {
	switch {
	case cmd.Example:
		return pledge.ExampleCatalog()
	case cmd.File != "":
		return os.ReadFile(cmd.File)
	case cmd.Try:
		return nil, fault.New(fault.Invalid, "", "try what? name a file, or --example").At("try")
	}
	return nil, nil
}

// newEdition is a document for a town; without one the catalogue is only told of.
type newEdition struct {
	Town     string `json:"town"`
	Document []byte `json:"document,omitempty"`
	Try      bool   `json:"try,omitempty"`
}

// catalog is a town's catalogue, and what was done with it.
type catalog struct {
	Version  int64    `json:"version"`
	Document string   `json:"document,omitempty"`
	Changes  []string `json:"changes,omitempty"`
	Written  bool     `json:"written,omitempty"`
}

func (c *catalog) show(to io.Writer) error {
	for _, line := range c.Changes {
		if _, err := fmt.Fprintln(to, line); err != nil {
			return err
		}
	}
	last := "Nothing was written. It would be version %d.\n"
	switch {
	case c.Written:
		last = "Version %d is published. Phones and desks get it with their next contact.\n"
	case len(c.Changes) == 0:
		last = "Nothing differs. Version %d stays.\n"
	}
	_, err := fmt.Fprintf(to, last, c.Version)
	return err
}

// Catalog tells of a town's catalogue. With a document it publishes that as the next version: nothing that was logged
// loses its words, see edition.Succeed. fault.Conflict when the document is of another version than the town's.
func (h *house) Catalog(ctx context.Context, n newEdition) (catalog, error) {
	town, err := h.town(ctx, n.Town)
	if err != nil {
		return catalog{}, err
	}
	h.adding.Lock() // two who publish at once would each leave out what the other adds
	defer h.adding.Unlock()
	state, err := h.replica.CatalogState(ctx, town.ID)
	if err != nil {
		return catalog{}, err
	}
	now := edition.Of(state)
	if n.Document == nil {
		doc, err := now.Document()
		return catalog{Version: now.Version, Document: string(doc)}, err
	}
	next, err := edition.Read(n.Document)
	if err != nil {
		return catalog{}, err
	}
	if isOld(n.Document, now.Version) {
		return catalog{}, fault.New(fault.Conflict, "", "the document is of version %d and the town has %d: print it again and put your changes there", next.Version, now.Version).At("version")
	}
	next, changes, err := now.Succeed(next)
	if err != nil || len(changes) == 0 {
		return catalog{Version: now.Version}, err
	}
	out := catalog{Version: next.Version}
	for _, c := range changes {
		out.Changes = append(out.Changes, c.String())
	}
	if n.Try {
		return out, nil
	}
	out.Written = true
	return out, h.publish(ctx, town.ID, state, next)
}

// isOld tells whether a document names another version than the town's; one that names none is of any.
func isOld(doc []byte, version int64) bool {
	var named struct{ Version *int64 }
	return json.Unmarshal(doc, &named) == nil && named.Version != nil && *named.Version != version
}

// publish writes the edition on top of the state, as one event of a coordinator.
func (h *house) publish(ctx context.Context, town event.ID, state *event.State, next *edition.Edition) error {
	by, err := h.writerFor(town, state)
	if err != nil {
		return err
	}
	set, err := next.Writes(state)
	if err != nil {
		return err
	}
	id, err := event.NewID()
	if err != nil {
		return err
	}
	inc, err := event.NewID()
	if err != nil {
		return err
	}
	e := &event.Event{
		Version: event.Version, Town: town, ID: id, Entity: id, Inc: inc, N: 1, HLC: clock.Next(0, h.outside.clock.Now()), By: by.ID,
		Catalog: next.Version, Set: set,
	}
	if state == nil {
		e.New = &event.Birth{Type: activity.TypeCatalog}
	} else {
		e.Entity = state.Entity
	}
	if size := len(e.Append(nil)); size > event.MaxBytes {
		return fault.New(fault.TooLarge, "", "what changes is %d bytes and one event has room for %d: publish it in parts", size, event.MaxBytes).At("catalogue")
	}
	return h.write(ctx, by, inc, []*event.Event{e})
}

// writerFor is the coordinator in whose name the command line writes: who made the catalogue, or else another.
func (h *house) writerFor(town event.ID, state *event.State) (access.Person, error) {
	may := func(p access.Person) bool { return p.Role == access.Coordinator && p.Revoked == 0 }
	if state != nil {
		if p, ok := h.access.Person(town, state.By); ok && may(p) {
			return p, nil
		}
	}
	people := h.access.People(town)
	i := slices.IndexFunc(people, may)
	if i < 0 {
		return access.Person{}, fault.New(fault.NotFound, "", "the town has no coordinator to write as: invite one first")
	}
	return people[i], nil
}
