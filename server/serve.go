package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"sync"
	"time"

	"lofteslogg/internal/config"
	"lofteslogg/internal/httpapi"
	"lofteslogg/internal/metrics"
	"lofteslogg/pwa"
)

// How long the server gives to others. Bodies and replies have limits of their own, which streams need.
const (
	headerLimit = 10 * time.Second
	idleLimit   = 2 * time.Minute
	headerBytes = 16 << 10
	stopLimit   = 3 * time.Second // to finish what was begun; closing the files comes after
	flushEvery  = 5 * time.Minute
)

// serve opens the house, answers until ctx ends, and stops within stopLimit and what closing the files takes.
func serve(ctx context.Context, o *outside, c *config.Config, p *policy) (err error) {
	log := slog.New(slog.NewJSONHandler(o.stderr, &slog.HandlerOptions{Level: c.LogLevel}))
	m := newMender()
	watched := *o
	watched.engine.Stopped = m.look
	h, err := openHouse(ctx, &watched, c, p)
	if err != nil {
		return err
	}
	defer h.closeInto(&err)
	for id, err := range h.replica.Broken() {
		log.ErrorContext(ctx, "town cannot be read", "town", id, "error", err)
		m.look(id, err)
	}
	if !h.engine.ReadOnly() {
		h.eraseLeft(ctx, log)
		h.bringAll(ctx, log)
	}
	if err := h.firstTown(ctx); err != nil {
		return fmt.Errorf("make the example town: %w", err)
	}
	closing := make(chan struct{})
	h.closing = closing
	web, err := h.openDoors(ctx, c)
	if err != nil {
		return err
	}
	handler, err := h.handler(c, log, closing, web.crowded)
	if err != nil {
		return errors.Join(err, web.Close())
	}
	var admin net.Listener
	if !h.engine.ReadOnly() {
		if admin, err = listenAdmin(ctx, c.Data); err != nil {
			return errors.Join(err, web.Close())
		}
	}
	gauges, err := h.listenMetrics(ctx, c, web)
	if err != nil {
		if admin != nil {
			err = errors.Join(err, admin.Close())
		}
		return errors.Join(err, web.Close())
	}
	h.listensAt(web.Addr())
	log.InfoContext(ctx, "serving", "version", versionName(), "at", web.Addr().String(), "config", c)
	s := servers{log: log, failed: make(chan error, 3)}
	s.start(web, handler, web.follow)
	if gauges != nil {
		log.InfoContext(ctx, "metrics", "at", gauges.Addr().String())
		s.start(gauges, h.meter.Handler(), nil)
	}
	background, stop := context.WithCancel(ctx)
	var jobs sync.WaitGroup
	if admin == nil {
		log.ErrorContext(ctx, "the data folder can only be read: nothing is taken in, and no backup is made")
	} else {
		s.start(admin, adminHandler(h), nil)
		h.lookAfter(ctx, background, &jobs, m, log)
	}
	defer jobs.Wait()
	defer stop()
	if o.listening != nil {
		o.listening(web.Addr().String())
	}
	err = s.wait(ctx, h)
	log.InfoContext(ctx, "stopping")
	close(closing)
	err = errors.Join(err, s.stop())
	stop()
	jobs.Wait()
	if admin != nil {
		h.keepAtEnd(log)
	}
	return err
}

// lookAfter lets people in and begins what goes on beside the answering, where there is something that can be written.
func (h *house) lookAfter(ctx, background context.Context, jobs *sync.WaitGroup, m *mender, log *slog.Logger) {
	if err := h.welcome(ctx); err != nil {
		log.ErrorContext(ctx, "no links to come in by", "err", err)
	}
	jobs.Go(func() { h.keepBackups(background, log) })
	jobs.Go(func() { h.keepTables(background, log) })
	jobs.Go(func() { h.finishErasing(background, log) })
	jobs.Go(func() { h.keepBringing(background, log) })
	jobs.Go(func() { m.run(background, h, log) })
	jobs.Go(func() { m.goRound(background, h, log) })
}

func (h *house) handler(c *config.Config, log *slog.Logger, closing <-chan struct{}, crowded func() bool) (http.Handler, error) {
	var files fs.FS
	files, err := pwa.Dist()
	if errors.Is(err, pwa.ErrNotBuilt) {
		log.Warn("the web app is not in this binary: run make build")
		files, err = nil, nil
	}
	if err != nil {
		return nil, err
	}
	public, err := c.Public()
	if err != nil {
		return nil, err
	}
	return httpapi.New(httpapi.Options{
		Sync: h.replica, Figures: h.figures, Attention: h.replica, Phones: h.replica, Access: h.access, Log: log, Clock: h.outside.clock, Version: versionName(),
		Ready: h.ready, Loading: h.loading, Closing: closing, Public: public, Files: files, Proxies: c.Proxies,
		Meter: h.meter, Crowded: crowded,
	})
}

// openDoors listens where people reach the server. From this machine and from a proxy many may come.
func (h *house) openDoors(ctx context.Context, c *config.Config) (*doors, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", c.Addr)
	if err != nil {
		return nil, fmt.Errorf("listen at %s (does something else listen there? --addr chooses another): %w", c.Addr, err)
	}
	many := func(at netip.Addr) bool {
		return !at.IsValid() || at.IsLoopback() || slices.ContainsFunc(c.Proxies, func(p netip.Prefix) bool { return p.Contains(at) })
	}
	return newDoors(l, many, h.meter.TurnedAway), nil
}

// listenMetrics listens where figures for Prometheus are given, or gives nil when nobody said where.
func (h *house) listenMetrics(ctx context.Context, c *config.Config, web *doors) (net.Listener, error) {
	if c.MetricsAddress == "" {
		return nil, nil //nolint:nilnil // left out is no error
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", c.MetricsAddress)
	if err != nil {
		return nil, fmt.Errorf("listen for metrics at %s: %w", c.MetricsAddress, err)
	}
	h.meter.Watch(func() metrics.Survey { return h.survey(context.WithoutCancel(ctx), web.count) })
	return l, nil
}

// listensAt makes links for where the server is, when nobody said where people reach it.
func (h *house) listensAt(at net.Addr) {
	if tcp, ok := at.(*net.TCPAddr); ok && h.base.Scheme == "http" && h.base.Port() == "0" {
		h.base = &url.URL{Scheme: "http", Host: fmt.Sprintf("localhost:%d", tcp.Port)}
	}
}

// servers are those that answer: the people's and the command line's.
type servers struct {
	log    *slog.Logger
	list   []*http.Server
	failed chan error
}

func (s *servers) start(l net.Listener, handler http.Handler, follow func(net.Conn, http.ConnState)) {
	server := &http.Server{
		Handler: handler, ReadHeaderTimeout: headerLimit, IdleTimeout: idleLimit, MaxHeaderBytes: headerBytes, ConnState: follow,
		ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
	s.list = append(s.list, server)
	go func() {
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			s.failed <- fmt.Errorf("serve: %w", err)
		}
	}()
}

// wait returns when ctx ends or a server fails. Meanwhile it writes down who was heard from.
func (s *servers) wait(ctx context.Context, h *house) error {
	flush := time.NewTicker(flushEvery)
	defer flush.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case err := <-s.failed:
			return err
		case <-flush.C:
			if err := h.access.Flush(); err != nil {
				s.log.WarnContext(ctx, "who was heard from is not written down", "err", err)
			}
		}
	}
}

// stop answers what was asked whole. What is still on its way after stopLimit is cut off: nobody was told that it is
// stored, so whoever sent it sends it again.
func (s *servers) stop() error {
	ctx, cancel := context.WithTimeout(context.Background(), stopLimit)
	defer cancel()
	var all error
	for _, server := range s.list {
		err := server.Shutdown(ctx)
		if errors.Is(err, context.DeadlineExceeded) {
			s.log.WarnContext(ctx, "cut off those who had not sent all they wanted")
			err = server.Close()
		}
		if err != nil {
			all = errors.Join(all, fmt.Errorf("stop: %w", err))
		}
	}
	return all
}
