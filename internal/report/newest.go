package report

import (
	"fmt"
	"slices"

	"lofteslogg/internal/activity"
	"lofteslogg/internal/wire"
)

// newest keeps the first of a page of facts and the one after it, of however many it is given: a page is a hundred of a
// million, and sorting them all would take longer than finding them.
type newest struct {
	most int
	heap []*activity.Fact // the last of those kept on top
}

func (n *newest) add(f *activity.Fact) {
	if len(n.heap) <= n.most {
		n.heap = append(n.heap, f)
		n.rise(len(n.heap) - 1)
		return
	}
	if newestFirst(f, n.heap[0]) < 0 {
		n.heap[0] = f
		n.sink()
	}
}

func (n *newest) rise(i int) {
	for i > 0 && newestFirst(n.heap[i], n.heap[(i-1)/2]) > 0 {
		n.heap[i], n.heap[(i-1)/2] = n.heap[(i-1)/2], n.heap[i]
		i = (i - 1) / 2
	}
}

func (n *newest) sink() {
	for i := 0; 2*i+1 < len(n.heap); {
		later := 2*i + 1
		if later+1 < len(n.heap) && newestFirst(n.heap[later+1], n.heap[later]) > 0 {
			later++
		}
		if newestFirst(n.heap[later], n.heap[i]) <= 0 {
			return
		}
		n.heap[i], n.heap[later] = n.heap[later], n.heap[i]
		i = later
	}
}

// page adds what was kept to a reply, newest first, and where the next page begins.
func (n *newest) page(v activity.View, out *wire.EntriesReply) {
	slices.SortFunc(n.heap, newestFirst)
	for _, f := range n.heap[:min(n.most, len(n.heap))] {
		out.Entries = append(out.Entries, entryOf(v, f))
	}
	if len(n.heap) > n.most {
		last := n.heap[n.most-1]
		out.Next = fmt.Sprintf("%d.%s", last.Start, last.Entity)
	}
}
