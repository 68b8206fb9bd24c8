// Package storetest shows that an engine keeps the contract of package store. A new engine is ten lines of test:
//
//	func TestKeepsTheContract(t *testing.T) { storetest.Run(t, open) }
package storetest

import (
	"io"
	"testing"

	"lofteslogg/internal/event"
	"lofteslogg/internal/store"
)

// Option tells Run what more an engine can do than package store says.
type Option func(*suite)

// WithReopen adds the tests of durability. reopen closes the engine and opens another on the same data.
func WithReopen(reopen func(t *testing.T, e store.Engine) store.Engine) Option {
	return func(s *suite) { s.reopen = reopen }
}

// WithPaste adds the tests of copies. paste opens an engine in which town is what Copy wrote.
func WithPaste(paste func(t *testing.T, town event.ID, copied io.Reader) store.Engine) Option {
	return func(s *suite) { s.paste = paste }
}

type suite struct {
	open   func(t *testing.T) store.Engine
	reopen func(t *testing.T, e store.Engine) store.Engine
	paste  func(t *testing.T, town event.ID, copied io.Reader) store.Engine
}

// fact is one sentence of the contract and what shows it, on a new engine.
type fact struct {
	sentence string
	shown    func(t *testing.T, e store.Engine)
}

// Run shows every sentence of store's contract on engines that open gives. open closes what it opened by t.Cleanup.
func Run(t *testing.T, open func(t *testing.T) store.Engine, more ...Option) {
	s := &suite{open: open}
	for _, m := range more {
		m(s)
	}
	s.show(t, townFacts, readFacts, writeFacts, rollbackFacts, commitFacts, togetherFacts, endFacts)
	t.Run("AnyHistoryGivesWhatAPlainMapGives", func(t *testing.T) { model(t, open(t)) })
	if s.reopen != nil {
		t.Run("WhatUpdateAcknowledgedSurvivesReopening", s.survives)
		t.Run("WhatWasRolledBackStaysAwayAfterReopening", s.staysAway)
	}
	if s.paste != nil {
		t.Run("CopyOpensAsTheTownItWas", s.copies)
		t.Run("CopyWhileInUseIsOneMomentOfTheTown", s.copiesInUse)
	}
}

func (s *suite) show(t *testing.T, groups ...[]fact) {
	for _, facts := range groups {
		for _, f := range facts {
			t.Run(f.sentence, func(t *testing.T) { f.shown(t, s.open(t)) })
		}
	}
}
