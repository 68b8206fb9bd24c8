package config_test

import (
	"testing"

	"github.com/alecthomas/kong"

	"lofteslogg/internal/config"
)

func parse(t *testing.T, args ...string) (config.Config, error) {
	t.Helper()
	var c config.Config
	p, err := kong.New(&c, kong.DefaultEnvars("LOFTESLOGG"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.Parse(args)
	return c, err
}

func TestWithoutFlagsTheServerIsForThisMachineAlone(t *testing.T) {
	c, err := parse(t)
	if err != nil {
		t.Fatal(err)
	}
	if u, err := c.Public(); c.Addr != "localhost:8080" || u != nil || err != nil {
		t.Errorf("got %+v, %v, %v", c, u, err)
	}
}

func TestAVariableStandsForAFlagAndTheFlagWins(t *testing.T) {
	t.Setenv("LOFTESLOGG_PUBLIC_URL", "https://lofte.example.se/")
	t.Setenv("LOFTESLOGG_PROXIES", "10.0.0.0/8,::1/128")
	t.Setenv("LOFTESLOGG_ADDR", ":1")
	c, err := parse(t, "--addr", "localhost:2")
	if err != nil {
		t.Fatal(err)
	}
	u, err := c.Public()
	if err != nil || u.String() != "https://lofte.example.se" || c.Addr != "localhost:2" || len(c.Proxies) != 2 {
		t.Errorf("got %+v, %v, %v", c, u, err)
	}
}

func TestWhatCannotBeMeantIsRefusedAtStart(t *testing.T) {
	for _, args := range [][]string{
		{"--addr", "8080"},
		{"--data", ""},
		{"--metrics-address", "9464"},
		{"--addr", "localhost:9464", "--metrics-address", "localhost:9464"},
		{"--proxies", "10.0.0.1"},
		{"--log-level", "loud"},
		{"--public-url", "lofte.example.se"},
		{"--public-url", "http://lofte.example.se"},
		{"--public-url", "http://192.168.1.5:8080"},
		{"--public-url", "https://lofte.example.se/under"},
		{"--public-url", "https://me:secret@lofte.example.se"},
		{"--public-url", "https://lofte.example.se?x"},
		{"--public-url", "https://"},
	} {
		if c, err := parse(t, args...); err == nil {
			t.Errorf("%v was taken: %+v", args, c)
		}
	}
	for _, ok := range []string{"http://localhost:8080", "http://127.0.0.1:8080", "http://[::1]:8080", "https://lofte.example.se:8443"} {
		if _, err := parse(t, "--public-url", ok); err != nil {
			t.Errorf("%s: %v", ok, err)
		}
	}
}
