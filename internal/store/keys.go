package store

import (
	"encoding/binary"

	"lofteslogg/internal/event"
)

// SeqKey is the key of a seq; keys sort as numbers.
func SeqKey(seq uint64) []byte { return appendU64(make([]byte, 0, 8), seq) }

// SeqOf reads a SeqKey, or the seq that a key ends with.
func SeqOf(key []byte) uint64 {
	if len(key) < 8 {
		return 0
	}
	return binary.BigEndian.Uint64(key[len(key)-8:])
}

// IDKey is the key of an id.
func IDKey(id event.ID) []byte { return id[:] }

// IDSeqKey is the key of an id and a number, sorted by both: an entity's events, an installation's running numbers.
func IDSeqKey(id event.ID, n uint64) []byte {
	return appendU64(append(make([]byte, 0, 24), id[:]...), n)
}

// SeqIDKey is the key of a seq and an id, sorted by both.
func SeqIDKey(seq uint64, id event.ID) []byte {
	return append(appendU64(make([]byte, 0, 24), seq), id[:]...)
}

// FeedKey is the key of an entity in a feed: a class or a reason, a zero byte, the seq, the entity.
func FeedKey(name string, seq uint64, e event.ID) []byte {
	b := append(append(make([]byte, 0, len(name)+25), name...), 0)
	return append(appendU64(b, seq), e[:]...)
}

// FeedOf takes a FeedKey apart; ok is false when it is none.
func FeedOf(key []byte) (name string, seq uint64, e event.ID, ok bool) {
	if len(key) < 25 || key[len(key)-25] != 0 {
		return "", 0, event.ID{}, false
	}
	n := len(key) - 25
	return string(key[:n]), binary.BigEndian.Uint64(key[n+1:]), event.ID(key[n+9:]), true
}

// After is the first key that sorts after every key with this prefix.
func After(prefix []byte) []byte {
	out := append([]byte(nil), prefix...)
	for i := len(out) - 1; i >= 0; i-- {
		if out[i]++; out[i] != 0 {
			return out[:i+1]
		}
	}
	return nil
}
