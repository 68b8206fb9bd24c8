package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/alecthomas/kong"

	"lofteslogg/internal/clock"
	"lofteslogg/internal/store/boltstore"
)

// outside is all that the program has from where it runs; tests bring their own.
type outside struct {
	args           []string
	stdout, stderr io.Writer
	clock          clock.Clock
	engine         boltstore.Options // with hooks, for tests that break things
	listening      func(addr string) // told when the server answers; may be nil
}

// exited is how kong says that help was shown and nothing is left to do.
type exited int

// run is the whole program: it parses what was asked, does it, and returns when it is done or ctx ends.
func run(ctx context.Context, o outside) (err error) {
	defer func() {
		if p := recover(); p != nil {
			if code, ok := p.(exited); !ok {
				panic(p)
			} else if code != 0 {
				err = errors.New("see --help")
			}
		}
	}()
	var c cli
	parser, err := kong.New(
		&c, kong.Name("lofteslogg"), kong.DefaultEnvars("LOFTESLOGG"), kong.Writers(o.stdout, o.stderr),
		kong.Description("Keeps the log of what is done for citizens' promises."),
		kong.Exit(func(code int) { panic(exited(code)) }),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(&o), kong.Bind(&c.Config), kong.Bind(&c.Policy),
	)
	if err != nil {
		return fmt.Errorf("read the commands: %w", err)
	}
	chosen, err := parser.Parse(o.args)
	if err != nil {
		return fmt.Errorf("%w (see --help)", err)
	}
	return explain(chosen.Run(), &c.Config)
}
