// Package config is what an operator can choose: flags, and environment variables of the same name with LOFTESLOGG_
// before it. Everything has a value that is safe on a machine of one's own.
package config

import (
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"strings"
)

// Config is read once, at start. There are no secrets in it: those the server makes itself, and keeps as hashes.
type Config struct {
	Addr           string         `help:"Where to listen. localhost answers this machine alone; :8080 answers on every network it is on." default:"localhost:8080" placeholder:"HOST:PORT"`
	Data           string         `help:"Folder of the towns and the accounts; made when it is missing, for this user alone." default:"./data" placeholder:"FOLDER"`
	PublicURL      string         `help:"Where people reach the server: https, or http on localhost. Links and cookies are made for it." placeholder:"URL"`
	Proxies        []netip.Prefix `help:"Networks of proxies that are believed about the address of who asks." placeholder:"CIDR"`
	MetricsAddress string         `help:"Where to give figures for Prometheus, on GET /metrics, to whoever asks there; nowhere when left out." placeholder:"HOST:PORT"`
	LogLevel       slog.Level     `help:"debug, info, warn or error." default:"info" placeholder:"LEVEL"`
}

// Validate says what cannot be meant, before anything is opened.
func (c *Config) Validate() error {
	if _, _, err := net.SplitHostPort(c.Addr); err != nil {
		return fmt.Errorf("--addr %q: want host:port, such as localhost:8080", c.Addr)
	}
	if _, _, err := net.SplitHostPort(c.MetricsAddress); c.MetricsAddress != "" && (err != nil || c.MetricsAddress == c.Addr) {
		return fmt.Errorf("--metrics-address %q: want host:port other than --addr, such as localhost:9464", c.MetricsAddress)
	}
	if c.Data == "" {
		return fmt.Errorf("--data: want a folder")
	}
	_, err := c.Public()
	return err
}

// Public is PublicURL as a URL, nil when it was left out.
func (c *Config) Public() (*url.URL, error) {
	if c.PublicURL == "" {
		return nil, nil //nolint:nilnil // left out is no error
	}
	u, err := url.Parse(c.PublicURL)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.Trim(u.Path, "/") != "" {
		return nil, fmt.Errorf("--public-url: want https://host without a path, such as https://lofte.example.se")
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())) {
		return nil, fmt.Errorf("--public-url: only https is safe for others than this machine, and phones refuse anything else")
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host}, nil
}

func loopback(host string) bool {
	at, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && at.IsLoopback()
}

// LogValue is what the log says of the configuration at start.
func (c *Config) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("addr", c.Addr), slog.String("data", c.Data), slog.String("public_url", c.PublicURL),
		slog.Any("proxies", c.Proxies), slog.String("metrics_address", c.MetricsAddress), slog.String("log_level", c.LogLevel.String()),
	)
}
