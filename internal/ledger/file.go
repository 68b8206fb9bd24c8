package ledger

import (
	"errors"
	"os"
	"path/filepath"

	"lofteslogg/internal/durable"
)

func appendTo(path string, b []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close(), durable.SyncFolder(filepath.Dir(path)))
}
