package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/user"
	"strings"

	"lofteslogg/internal/config"
	"lofteslogg/internal/event"
	"lofteslogg/internal/fault"
)

type eraseCmd struct {
	Town     string   `help:"Slug or id of the town; may be left out when there is one." placeholder:"SLUG"`
	Event    []string `help:"Id of an event: one thing that one person wrote. The history of an entry shows it." placeholder:"ID"`
	Entity   []string `help:"Id of an entry, or another entity, with all that was ever written of it." placeholder:"ID"`
	Reason   string   `required:"" help:"Why, without saying what is erased." placeholder:"TEXT"`
	Decision string   `help:"Number of the decision, such as KS 2026/12." placeholder:"NUMBER"`
	Yes      bool     `help:"Do not ask whether this is meant."`
}

// Run erases, after it was said what that means.
func (cmd *eraseCmd) Run(ctx context.Context, o *outside, c *config.Config, p *policy) error {
	e := erasure{Town: cmd.Town, Reason: cmd.Reason, Decision: cmd.Decision, Who: operator()}
	var err error
	if e.Events, err = ids("event", cmd.Event); err != nil {
		return err
	}
	if e.Entities, err = ids("entity", cmd.Entity); err != nil {
		return err
	}
	if len(e.Events)+len(e.Entities) == 0 {
		return fault.New(fault.Invalid, "", "say what to erase with --event or --entity")
	}
	if !cmd.Yes && !meant(o, len(e.Events), len(e.Entities)) {
		return fault.New(fault.Invalid, "", "nothing was erased: answer yes, or say --yes")
	}
	return tend(ctx, o, c, p, func(k custodian) error {
		out, err := k.Erase(ctx, e)
		if err != nil {
			return err
		}
		_, err = io.WriteString(o.stdout, out.String())
		return err
	})
}

// operator is who runs the command, as far as the system knows.
func operator() string {
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return ""
}

func ids(name string, texts []string) (out []event.ID, err error) {
	for _, text := range texts {
		id, err := event.ParseID(text)
		if err != nil {
			return nil, fault.New(fault.Invalid, "", "%q: %w", text, err).At(name)
		}
		out = append(out, id)
	}
	return out, nil
}

// meant asks on a terminal.
func meant(o *outside, events, entities int) bool {
	_, _ = fmt.Fprintf(o.stdout, "This takes away %d events and %d whole entities for good. It cannot be undone, not from a backup either. Type yes to go on: ", events, entities)
	line, _ := bufio.NewReader(os.Stdin).ReadString('\n')
	return strings.TrimSpace(line) == "yes"
}

// String says what was done, and what a program cannot reach.
func (e *erased) String() string {
	var b strings.Builder
	if e.Events == 0 {
		fmt.Fprintf(&b, "%s: all of that was erased before.\n", e.Town.Slug)
	} else {
		fmt.Fprintf(&b, "%s: events erased: %d, whole entities: %d.\n", e.Town.Slug, e.Events, e.Entities)
	}
	for _, dir := range e.Backups {
		fmt.Fprintf(&b, "Backup written anew without it: %s\n", dir)
	}
	for _, gone := range e.Removed {
		fmt.Fprintf(&b, "Removed, since it could not be written anew: %s\n", gone)
	}
	b.WriteString("Phones let go of it when they next call. Not reached: backups kept elsewhere, files that were exported, rescue files, prints, and what the disk itself keeps of former files.\n")
	return b.String()
}
