package memstore_test

import (
	"testing"

	"lofteslogg/internal/store"
	"lofteslogg/internal/store/storetest"
)

func BenchmarkEngine(b *testing.B) {
	storetest.Bench(b, func(b *testing.B) store.Engine { return open(b) })
}
