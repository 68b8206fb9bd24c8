package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"runtime/debug"
	"strings"
	"text/tabwriter"

	"lofteslogg/internal/config"
)

// cli is every command and flag there is.
type cli struct {
	config.Config
	Policy policy `embed:""`

	Serve   serveCmd   `cmd:"" default:"1" help:"Serve. The first time, an example town is made; each time, links to come in by are printed."`
	Town    townCmd    `cmd:"" help:"Towns: add one, or list them."`
	Invite  inviteCmd  `cmd:"" help:"Make a link and a code that let one person in, once, within 15 minutes."`
	Person  personCmd  `cmd:"" help:"People: list them, give one another role, shut one out, let one in again."`
	Phone   phoneCmd   `cmd:"" help:"Phones: list them, shut one out that was lost, let it in again."`
	Backup  backupCmd  `cmd:"" help:"Copy towns and accounts while they are in use, and verify the copies."`
	Verify  verifyCmd  `cmd:"" help:"Replay a town's log and tell where what is stored is another."`
	Restore restoreCmd `cmd:"" help:"Put a town's file from a backup in place."`
	Export  exportCmd  `cmd:"" help:"Write a town as lines of text, see docs/api/export.md."`
	Import  importCmd  `cmd:"" help:"Make a town of such lines."`
	Erase   eraseCmd   `cmd:"" help:"Take away what somebody wrote, for good: from the town, its backups and the phones."`
	Doctor  doctorCmd  `cmd:"" help:"Say how the house is, and what needs a person."`
	Sample  sampleCmd  `cmd:"" help:"Make a new town of made-up entries, to measure and to practise with."`
	Health  healthCmd  `cmd:"" help:"Ask the server at --addr whether it answers; for containers and the like."`
	Version versionCmd `cmd:"" help:"Say which version this is."`

	CheckFile checkFileCmd `cmd:"" hidden:"" help:"Check a file, for the process that asked."`
}

type serveCmd struct{}

// Run serves until ctx ends.
func (serveCmd) Run(ctx context.Context, o *outside, c *config.Config, p *policy) error {
	return serve(ctx, o, c, p)
}

type townCmd struct {
	Add     townAddCmd     `cmd:"" help:"Add a town, with the catalogue of kinds of the example."`
	List    townListCmd    `cmd:"" help:"List the towns."`
	Catalog townCatalogCmd `cmd:"" help:"Print a town's catalogue of kinds, or publish another, see docs/api/kinds.md."`
}

type townAddCmd struct {
	Name string `arg:"" help:"What it is called, such as Munkfors."`
	Slug string `required:"" help:"What it is called in addresses, such as munkfors."`
}

// Run adds the town.
func (cmd *townAddCmd) Run(ctx context.Context, o *outside, c *config.Config) error {
	if err := beginFolder(c); err != nil {
		return err
	}
	return ask(ctx, o, c, func(s steward) error {
		t, err := s.AddTown(ctx, newTown{Name: cmd.Name, Slug: cmd.Slug})
		if err == nil {
			_, err = fmt.Fprintf(o.stdout, "%s  %s  %s\n", t.ID, t.Slug, t.Name)
		}
		return err
	})
}

type townListCmd struct{}

// Run lists the towns.
func (townListCmd) Run(ctx context.Context, o *outside, c *config.Config) error {
	return ask(ctx, o, c, func(s steward) error {
		towns, err := s.Towns(ctx)
		if err != nil {
			return err
		}
		var rows [][]string
		for _, t := range towns {
			rows = append(rows, []string{t.ID.String(), t.Slug, t.Name})
		}
		return table(o.stdout, rows)
	})
}

type inviteCmd struct {
	Role    string `required:"" enum:"field,coordinator,reader" help:"field, coordinator or reader."`
	Town    string `help:"Slug or id of the town; may be left out when there is one." placeholder:"SLUG"`
	Name    string `help:"Whom it is for; can be given when coming in, or never."`
	Party   string `help:"Slug of the party the person logs for." placeholder:"SLUG"`
	Account string `help:"Let somebody in again as this account; see person list." placeholder:"ID"`
	JSON    bool   `name:"json" help:"Say it as JSON."`
}

// Run makes the invitation and shows its links.
func (cmd *inviteCmd) Run(ctx context.Context, o *outside, c *config.Config) error {
	return ask(ctx, o, c, func(s steward) error {
		i, err := s.Invite(ctx, newInvitation{Town: cmd.Town, Role: cmd.Role, Name: cmd.Name, Party: cmd.Party, Account: cmd.Account})
		if err != nil {
			return err
		}
		if cmd.JSON {
			return json.NewEncoder(o.stdout).Encode(i)
		}
		return showInvitation(o.stdout, i)
	})
}

type versionCmd struct{}

// Run says the version.
func (versionCmd) Run(o *outside) error {
	_, err := fmt.Fprintln(o.stdout, "lofteslogg", versionName())
	return err
}

// versionName is what the build said, or else the revision that the toolchain noted.
func versionName() string {
	if version != "" {
		return version
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value[:min(12, len(s.Value))]
		}
	}
	return "unknown"
}

func table(to io.Writer, rows [][]string) error {
	w := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		if _, err := io.WriteString(w, strings.Join(row, "\t")+"\n"); err != nil {
			return err
		}
	}
	return w.Flush()
}
