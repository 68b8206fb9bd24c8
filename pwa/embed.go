// Package pwa carries the built web app inside the binary.
package pwa

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
)

// dist holds .gitkeep even when nothing was built, so that the Go code compiles on its own.
//
//go:embed all:dist
var dist embed.FS

// ErrNotBuilt says that the binary was compiled before the web app was built.
var ErrNotBuilt = errors.New("the web app is not built: run make build")

// Dist returns the files of the built web app, as the browser asks for them: index.html,
// app/index.html, app/sw.js, desk/index.html, assets/… Text above 1 KB has a .gz and a .br
// beside it. It returns ErrNotBuilt when the app was not built before the binary.
func Dist() (fs.FS, error) {
	built, err := fs.Sub(dist, "dist")
	if err != nil {
		return nil, fmt.Errorf("open the web app: %w", err)
	}
	if _, err := fs.Stat(built, "app/index.html"); errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotBuilt
	} else if err != nil {
		return nil, fmt.Errorf("open the web app: %w", err)
	}
	return built, nil
}
