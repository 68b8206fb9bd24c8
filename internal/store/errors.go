package store

import "errors"

// ErrDamaged is wrapped by every error about stored bytes that do not fit their checksum.
var ErrDamaged = errors.New("stored bytes do not fit their checksum")
