package event

import (
	"crypto/sha256"
	"fmt"
	"slices"
)

// Sum is the fingerprint of a set of ids: SHA-256, in hex, of their spellings in order with a newline after each. Two who
// have the same ids have the same sum, and can read it to each other. docs/api/vectors/slip has cases.
func Sum(ids []ID) string {
	sorted := slices.Clone(ids)
	slices.SortFunc(sorted, ID.Compare)
	h := sha256.New()
	for _, id := range slices.Compact(sorted) {
		h.Write([]byte(id.String() + "\n"))
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}
