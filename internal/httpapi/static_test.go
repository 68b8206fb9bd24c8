package httpapi_test

import (
	"net/http"
	"strings"
	"testing"

	"lofteslogg/internal/httpapi"
)

const html = "text/html,application/xhtml+xml,*/*;q=0.8"

func (h *house) file(path, accept, encoding string) reply {
	h.t.Helper()
	r := h.request(who{}, "GET", path, "")
	r.Header.Set("Accept", accept)
	r.Header.Set("Accept-Encoding", encoding)
	return h.do(r)
}

func TestPagesAndFilesAreFoundWhereTheyAre(t *testing.T) {
	h := open(t)
	for path, want := range map[string]string{
		"/": "front", "/index.html": "front", "/app/": "app", "/app/log/foot_patrol": "app", "/desk/": "desk", "/desk/measure/3": "desk",
		"/app/sw.js": "self.x", "/assets/app-1.js": "plain",
	} {
		if got := h.file(path, html, ""); got.status != 200 || !strings.Contains(string(got.body), want) {
			t.Errorf("%s: %d %.60s", path, got.status, got.body)
		}
	}
	for _, path := range []string{
		"/.gitkeep", "/assets/secret.unknown", "/assets/", "/assets", "/app/missing.js", "/assets/app-2.js", "/app/index.html.gz", "/assets/app-1.js.br",
		"/app/../index.html", "/app//index.html", "/%2e%2e/etc/passwd", "/app/%2e%2e/%2e%2e/go.mod", "/l/munkfors", "/index.html/", "/nowhere",
	} {
		if got := h.file(path, "*/*", ""); got.status != 404 || got.header.Get("Location") != "" {
			t.Errorf("%s: %d %.60s", path, got.status, got.body)
		}
	}
	if got := h.file("/app/log", "*/*", ""); got.status != 404 {
		t.Errorf("a script asked for a page of the app and got %d", got.status)
	}
	if got := h.file("/nowhere", html, ""); got.status != 404 || !strings.HasPrefix(got.header.Get("Content-Type"), "text/plain") {
		t.Errorf("a person got %d %s", got.status, got.header.Get("Content-Type"))
	}
}

func TestTheAppsOwnPathsGetTheirSlash(t *testing.T) {
	h := open(t)
	for _, path := range []string{"/app", "/desk"} {
		if got := h.file(path, html, ""); got.status != http.StatusPermanentRedirect || got.header.Get("Location") != path+"/" {
			t.Errorf("%s: %d %s", path, got.status, got.header.Get("Location"))
		}
	}
}

func TestWhatWasPackedBeforehandIsSentToThoseWhoTakeIt(t *testing.T) {
	h := open(t)
	for accept, want := range map[string]string{
		"": "plain", "gzip, deflate, br, zstd": "packed with brotli", "gzip": "packed with gzip", "br;q=0, gzip": "packed with gzip", "zstd": "plain",
	} {
		got := h.file("/assets/app-1.js", "*/*", accept)
		if string(got.body) != want || got.header.Get("Vary") != "Accept-Encoding" || got.header.Get("Content-Type") != "text/javascript; charset=utf-8" {
			t.Errorf("%q: %q %v", accept, got.body, got.header)
		}
	}
}

func TestAssetsAreKeptForEverAndPagesAreAskedForEachTime(t *testing.T) {
	h := open(t)
	for path, want := range map[string]string{
		"/assets/app-1.js": "public, max-age=31536000, immutable", "/app/": "no-cache", "/": "no-cache", "/app/sw.js": "no-cache", "/app/manifest.webmanifest": "no-cache",
	} {
		got := h.file(path, html, "")
		if got.header.Get("Cache-Control") != want || got.header.Get("Content-Security-Policy") != httpapi.Policy {
			t.Errorf("%s: %v", path, got.header)
		}
		tag := got.header.Get("ETag")
		r := h.request(who{}, "GET", path, "")
		r.Header.Set("If-None-Match", `"other", W/`+tag)
		if again := h.do(r); tag == "" || again.status != http.StatusNotModified || len(again.body) != 0 {
			t.Errorf("%s again: %d with %d bytes", path, again.status, len(again.body))
		}
	}
	plain, packed := h.file("/assets/app-1.js", "", ""), h.file("/assets/app-1.js", "", "br")
	if plain.header.Get("ETag") == packed.header.Get("ETag") {
		t.Error("two encodings have one tag")
	}
}

func TestFilesAreReadAndNothingElse(t *testing.T) {
	h := open(t)
	for _, method := range []string{"POST", "PUT", "DELETE", "OPTIONS"} {
		if got := h.ask(who{}, method, "/", ""); got.status != 405 || got.header.Get("Allow") != "GET, HEAD" {
			t.Errorf("%s: %d", method, got.status)
		}
	}
	if got := h.ask(who{}, "HEAD", "/", ""); got.status != 200 || len(got.body) != 0 || got.header.Get("Content-Length") == "0" {
		t.Errorf("HEAD: %d with %d bytes", got.status, len(got.body))
	}
}

func TestAServerWithoutTheAppSaysHowToGetIt(t *testing.T) {
	h := open(t, func(o *httpapi.Options) { o.Files = nil })
	if got := h.file("/", html, ""); got.status != 503 || !strings.Contains(string(got.body), "make build") {
		t.Errorf("%d %s", got.status, got.body)
	}
}
