package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"

	"lofteslogg/internal/config"
)

const healthLimit = 3 * time.Second

type healthCmd struct{}

// Run asks /healthz, and is an error when it is not answered. An address of every network is asked on this machine.
func (healthCmd) Run(ctx context.Context, o *outside, c *config.Config) error {
	host, port, err := net.SplitHostPort(c.Addr)
	if err != nil {
		return err
	}
	if at := net.ParseIP(host); host == "" || at != nil && at.IsUnspecified() {
		host = "localhost"
	}
	ctx, cancel := context.WithTimeout(ctx, healthLimit)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/healthz", nil)
	if err != nil {
		return err
	}
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return fmt.Errorf("no server answers at %s: %w", c.Addr, err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("the server at %s answers %s", c.Addr, res.Status)
	}
	_, err = fmt.Fprintln(o.stdout, "the server answers at", c.Addr)
	return err
}
