package access

import (
	"io"

	bolt "go.etcd.io/bbolt"
)

// Copy writes a consistent copy of the file while it is in use. Opened, the copy says what this one said.
func (s *Store) Copy(w io.Writer) error {
	return classify(s.db.View(func(tx *bolt.Tx) error {
		_, err := tx.WriteTo(w)
		return err
	}))
}
