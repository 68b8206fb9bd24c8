// Command disk breaks the disk under a running server and sees whether anything that was acknowledged is lost.
//
//	go run . -binary bin/lofteslogg kills|power|crashes|upkeep|faults|damages|slow [-rounds n] [-seed n] [-control]
//
// It knows the server by its command line and its HTTP alone, so that what is tested is what people run. It needs Linux and
// root: power cuts are made on a file system in a file, and what a disk does through FUSE. With -control the server is one that
// leaves out every fsync (a build with the tag failpoint), and the command fails unless that is noticed.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"time"
)

type options struct {
	binary  string
	rounds  int
	seed    uint64
	control bool
	fsync   time.Duration
}

func (o *options) env() []string {
	if o.control {
		return []string{"LOFTESLOGG_TEST_NO_SYNC=1"}
	}
	return nil
}

func main() {
	var o options
	flag.StringVar(&o.binary, "binary", "bin/lofteslogg", "the server")
	flag.IntVar(&o.rounds, "rounds", 20, "how often")
	flag.Uint64Var(&o.seed, "seed", uint64(time.Now().UnixNano()%1e9), "what chance begins with") //nolint:gosec // not negative
	flag.BoolVar(&o.control, "control", false, "the server leaves out every fsync, which must be noticed")
	flag.DurationVar(&o.fsync, "fsync", 2*time.Second, "how long one takes, for slow")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := o.run(ctx, os.Stdout, flag.Arg(0)); err != nil {
		fmt.Fprintf(os.Stderr, "disk %s: %v\n", flag.Arg(0), err)
		os.Exit(1)
	}
}

func (o *options) run(ctx context.Context, out io.Writer, what string) (err error) {
	if o.binary, err = filepath.Abs(o.binary); err != nil {
		return err
	}
	did := map[string]func(context.Context, io.Writer) error{"kills": o.kills, "power": o.power, "crashes": o.crashes, "faults": o.faults, "damages": o.damages, "slow": o.slow, "upkeep": o.upkeep}[what]
	if did == nil {
		return fmt.Errorf("want kills, power, crashes, upkeep, faults, damages or slow")
	}
	return did(ctx, out)
}
