package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

	"lofteslogg/internal/config"
	"lofteslogg/internal/httpapi"
	"lofteslogg/pwa"
)

// How long the server gives to others. Bodies and replies have limits of their own, which streams need.
const (
	headerLimit = 10 * time.Second
	idleLimit   = 2 * time.Minute
	headerBytes = 16 << 10
	stopLimit   = 4 * time.Second // to finish what was begun
	flushEvery  = 5 * time.Minute
)

// serve opens the house, answers until ctx ends, and stops within stopLimit and what closing the files takes.
func serve(ctx context.Context, o *outside, c *config.Config, p *policy) (err error) {
	log := slog.New(slog.NewJSONHandler(o.stderr, &slog.HandlerOptions{Level: c.LogLevel}))
	h, err := openHouse(ctx, o, c, p)
	if err != nil {
		return err
	}
	defer h.closeInto(&err)
	for id, err := range h.replica.Broken() {
		log.ErrorContext(ctx, "town cannot be read", "town", id, "error", err)
	}
	if err := h.finishErasing(ctx); err != nil {
		return err
	}
	if err := h.firstTown(ctx); err != nil {
		return fmt.Errorf("make the example town: %w", err)
	}
	closing := make(chan struct{})
	h.closing = closing
	handler, err := h.handler(c, log, closing)
	if err != nil {
		return err
	}
	web, err := (&net.ListenConfig{}).Listen(ctx, "tcp", c.Addr)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	var admin net.Listener
	if !h.engine.ReadOnly() {
		if admin, err = listenAdmin(ctx, c.Data); err != nil {
			return errors.Join(err, web.Close())
		}
	}
	h.listensAt(web.Addr())
	log.InfoContext(ctx, "serving", "version", versionName(), "at", web.Addr().String(), "config", c)
	s := servers{log: log, failed: make(chan error, 2)}
	s.start(web, handler)
	background, stop := context.WithCancel(ctx)
	var jobs sync.WaitGroup
	if admin == nil {
		log.ErrorContext(ctx, "the data folder can only be read: nothing is taken in, and no backup is made")
	} else {
		s.start(admin, adminHandler(h))
		h.lookAfter(ctx, background, &jobs, log)
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
func (h *house) lookAfter(ctx, background context.Context, jobs *sync.WaitGroup, log *slog.Logger) {
	if err := h.welcome(ctx); err != nil {
		log.ErrorContext(ctx, "no links to come in by", "err", err)
	}
	jobs.Go(func() { h.keepBackups(background, log) })
	jobs.Go(func() { h.keepTables(background, log) })
}

func (h *house) handler(c *config.Config, log *slog.Logger, closing <-chan struct{}) (http.Handler, error) {
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
		Sync: h.replica, Figures: h.figures, Phones: h.replica, Access: h.access, Log: log, Clock: h.outside.clock, Version: versionName(),
		Ready: h.ready, Loading: h.loading, Closing: closing, Public: public, Files: files, Proxies: c.Proxies,
	})
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

func (s *servers) start(l net.Listener, handler http.Handler) {
	server := &http.Server{
		Handler: handler, ReadHeaderTimeout: headerLimit, IdleTimeout: idleLimit, MaxHeaderBytes: headerBytes,
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

func (s *servers) stop() error {
	ctx, cancel := context.WithTimeout(context.Background(), stopLimit)
	defer cancel()
	var all error
	for _, server := range s.list {
		if err := server.Shutdown(ctx); err != nil {
			all = errors.Join(all, fmt.Errorf("stop: %w", err), server.Close())
		}
	}
	return all
}
