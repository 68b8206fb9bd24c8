package httpapi

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"

	"lofteslogg/internal/fault"
)

// site is the built web app, all of it in memory: what is not in the map is not served, so no path leads out of it.
type site struct{ files map[string]*file }

// file is one that a browser asks for, in the encodings that were made of it.
type file struct {
	kind   string
	kept   string // Cache-Control
	bodies []body // in order of preference, the plain one last
}

type body struct {
	encoding string // empty when plain
	etag     string
	bytes    []byte
}

var kinds = map[string]string{
	".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
	".json": "application/json", ".webmanifest": "application/manifest+json", ".txt": "text/plain; charset=utf-8",
	".svg": "image/svg+xml", ".png": "image/png", ".webp": "image/webp", ".ico": "image/x-icon", ".woff2": "font/woff2",
	".map": "application/json",
}

var encodings = []struct{ name, suffix string }{{"br", ".br"}, {"gzip", ".gz"}, {"", ""}}

func readSite(files fs.FS) (*site, error) {
	s := &site{files: map[string]*file{}}
	if files == nil {
		return s, nil
	}
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		kind := kinds[path.Ext(name)]
		if err != nil || d.IsDir() || kind == "" {
			return err
		}
		f, err := readFile(files, name)
		if err != nil {
			return err
		}
		f.kind = kind
		s.files["/"+name] = f
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the web app: %w", err)
	}
	return s, nil
}

func readFile(files fs.FS, name string) (*file, error) {
	f := &file{kept: "no-cache"} // ask each time whether it is still the one
	if strings.HasPrefix(name, "assets/") {
		f.kept = "public, max-age=31536000, immutable" // the name changes with the content
	}
	for _, e := range encodings {
		b, err := fs.ReadFile(files, name+e.suffix)
		if errors.Is(err, fs.ErrNotExist) && e.name != "" {
			continue
		}
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(b)
		f.bodies = append(f.bodies, body{e.name, `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`, b})
	}
	return f, nil
}

// find gives the file at a path, and where it lies. The pages of the two apps are made in the browser, so what looks
// like one of their pages is the app itself.
func (s *site) find(r *http.Request) (*file, bool) {
	at := r.URL.Path
	if strings.HasSuffix(at, "/") {
		at += "index.html"
	}
	if f, ok := s.files[at]; ok {
		return f, true
	}
	for _, app := range []string{"/app/", "/desk/"} {
		if strings.HasPrefix(at, app) && isPage(r) {
			f, ok := s.files[app+"index.html"]
			return f, ok
		}
	}
	return nil, false
}

func isPage(r *http.Request) bool {
	return !strings.Contains(path.Base(r.URL.Path), ".") && strings.Contains(r.Header.Get("Accept"), "text/html")
}

func (a *api) static(w http.ResponseWriter, r *http.Request) {
	noteOf(r).route = "file"
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		a.fail(w, r, fault.New(fault.Invalid, "method", "the methods here are GET and HEAD"))
		return
	}
	if to, ok := map[string]string{"/app": "/app/", "/desk": "/desk/"}[r.URL.Path]; ok {
		http.Redirect(w, r, to, http.StatusPermanentRedirect)
		return
	}
	begin(w, r)
	if a.Crowded() {
		a.fail(w, r, errCrowded)
		return
	}
	f, ok := a.files.find(r)
	switch {
	case ok:
		f.serve(w, r)
	case len(a.files.files) == 0 && r.URL.Path == "/":
		a.page(w, http.StatusServiceUnavailable, "The web app is not built: run make build, then start anew.\n")
	case strings.Contains(r.Header.Get("Accept"), "text/html"):
		a.page(w, http.StatusNotFound, "Sidan finns inte. Börja om på startsidan: /\n\nThere is no such page. Start over at: /\n")
	default:
		a.fail(w, r, fault.New(fault.NotFound, "", "there is no such file"))
	}
}

func (*api) page(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text))
}

func (f *file) serve(w http.ResponseWriter, r *http.Request) {
	b := f.bodies[len(f.bodies)-1]
	for _, one := range f.bodies {
		if one.encoding != "" && accepts(r, one.encoding) {
			b = one
			break
		}
	}
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("Cache-Control", f.kept)
	h.Set("ETag", b.etag)
	h.Set("Vary", "Accept-Encoding")
	if known(r, b.etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if b.encoding != "" {
		h.Set("Content-Encoding", b.encoding)
	}
	h.Set("Content-Length", strconv.Itoa(len(b.bytes)))
	leaves(w, len(b.bytes))
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = w.Write(b.bytes)
	}
}

func known(r *http.Request, etag string) bool {
	for _, one := range strings.Split(r.Header.Get("If-None-Match"), ",") {
		if one = strings.TrimPrefix(strings.TrimSpace(one), "W/"); one == etag || one == "*" {
			return true
		}
	}
	return false
}
