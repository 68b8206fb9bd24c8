package memstore

import "bytes"

// node is one key of an ordered map that keeps its past: a transaction changes only nodes of its own making and copies
// the others on its way down, so a root that was once handed out stays as it was. The tree is a treap whose
// priorities are hashes of the keys: the same keys give the same tree, in whatever order they came.
type node struct {
	key, value  []byte
	rank        uint64
	owner       uint64 // the transaction that may change this node in place
	left, right *node
}

// rankOf hashes a key (FNV-1a, then mixed, for its low bits alone are poor).
func rankOf(key []byte) uint64 {
	h := uint64(14695981039346656037)
	for _, b := range key {
		h = (h ^ uint64(b)) * 1099511628211
	}
	h = (h ^ h>>32) * 0xd6e8feb86659fd93
	return h ^ h>>29
}

func (n *node) get(key []byte) *node {
	for n != nil {
		switch c := bytes.Compare(key, n.key); {
		case c == 0:
			return n
		case c < 0:
			n = n.left
		default:
			n = n.right
		}
	}
	return nil
}

// own gives a node that transaction tx may change.
func (n *node) own(tx uint64) *node {
	if n.owner == tx {
		return n
	}
	c := *n
	c.owner = tx
	return &c
}

// put gives the tree with value at key. It keeps key and value.
func (n *node) put(tx uint64, key, value []byte) *node {
	if n == nil {
		return &node{key: key, value: value, rank: rankOf(key), owner: tx}
	}
	c := bytes.Compare(key, n.key)
	n = n.own(tx)
	switch {
	case c == 0:
		n.value = value
	case c < 0:
		n.left = n.left.put(tx, key, value)
		if n.left.rank > n.rank {
			return n.turnRight()
		}
	default:
		n.right = n.right.put(tx, key, value)
		if n.right.rank > n.rank {
			return n.turnLeft()
		}
	}
	return n
}

func (n *node) turnRight() *node {
	l := n.left
	n.left, l.right = l.right, n
	return l
}

func (n *node) turnLeft() *node {
	r := n.right
	n.right, r.left = r.left, n
	return r
}

// remove gives the tree without key, which must be in it.
func (n *node) remove(tx uint64, key []byte) *node {
	c := bytes.Compare(key, n.key)
	if c == 0 {
		return join(tx, n.left, n.right)
	}
	n = n.own(tx)
	if c < 0 {
		n.left = n.left.remove(tx, key)
	} else {
		n.right = n.right.remove(tx, key)
	}
	return n
}

// join makes one tree of two, every key of a before every key of b.
func join(tx uint64, a, b *node) *node {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	case a.rank > b.rank:
		a = a.own(tx)
		a.right = join(tx, a.right, b)
		return a
	default:
		b = b.own(tx)
		b.left = join(tx, a, b.left)
		return b
	}
}

// walk calls fn for each key from ≤ key < to in order until fn returns false, and tells whether it came to the end.
func (n *node) walk(from, to []byte, fn func(key, value []byte) bool) bool {
	if n == nil {
		return true
	}
	after := bytes.Compare(n.key, from) >= 0
	before := to == nil || bytes.Compare(n.key, to) < 0
	if after && !n.left.walk(from, to, fn) {
		return false
	}
	if after && before && !fn(n.key, n.value) {
		return false
	}
	return !before || n.right.walk(from, to, fn)
}
