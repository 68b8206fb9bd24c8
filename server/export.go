package main

import (
	"bufio"
	"context"
	"errors"
	"path/filepath"

	"lofteslogg/internal/config"
	"lofteslogg/internal/ledger"
	"lofteslogg/internal/replica/replay"
	"lofteslogg/internal/store"
	"lofteslogg/internal/store/boltstore"
)

type exportCmd struct {
	Town string `help:"Slug or id of the town; may be left out when there is one." placeholder:"SLUG"`
}

// Run writes the town as it is now to standard output.
func (cmd *exportCmd) Run(ctx context.Context, o *outside, c *config.Config, p *policy) error {
	return tend(ctx, o, c, p, func(k custodian) (err error) {
		hot, err := k.Copy(ctx, cmd.Town)
		if err != nil {
			return err
		}
		defer removeInto(&err, filepath.Dir(hot.Path))
		people, err := k.People(ctx, hot.Town.ID.String())
		if err != nil {
			return err
		}
		list := make([]replay.Person, len(people))
		for i, p := range people {
			list[i] = replay.Person{ID: p.ID, Name: p.Name, Role: string(p.Role), Party: p.Party, Created: p.Created, Revoked: p.Revoked}
		}
		lines, err := ledger.Read(ledgerIn(c.Data, hot.Town.ID))
		if err != nil {
			return err
		}
		erased := make([]replay.Erasure, len(lines))
		for i, l := range lines {
			erased[i] = replay.Erasure(l)
		}
		out := bufio.NewWriterSize(o.stdout, 1<<20)
		err = boltstore.Inspect(hot.Path, func(tx store.Tx) error { return replay.Export(tx, hot.Town.ID, list, erased, out) })
		return errors.Join(err, out.Flush())
	})
}
