// Command lofteslogg is the server that keeps towns' logs, and the command line that runs it.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"lofteslogg/internal/clock"
)

// version is what make build says it is.
var version string

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, outside{args: os.Args[1:], stdout: os.Stdout, stderr: os.Stderr, clock: clock.Wall{}, engine: failpoints()})
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "lofteslogg:", err)
		os.Exit(1)
	}
}
