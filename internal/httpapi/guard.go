package httpapi

import (
	"fmt"
	"net/http"

	"lofteslogg/internal/fault"
)

// policy is what a page may do: nothing that is not ours. Trusted types are left out: registering the service worker
// would need a policy of its own in the app, and there is no string that becomes code anywhere for them to guard.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; font-src 'self'; " +
	"connect-src 'self'; worker-src 'self'; manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"

var headers = map[string]string{
	"X-Content-Type-Options":       "nosniff",
	"Referrer-Policy":              "no-referrer",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Cross-Origin-Embedder-Policy": "require-corp",
	"X-Frame-Options":              "DENY",
	"Permissions-Policy": "geolocation=(self), camera=(self), microphone=(), payment=(), usb=(), " +
		"accelerometer=(), gyroscope=(), magnetometer=()",
}

// guarded says to browsers what they must not do with us, and refuses what another site's page makes them ask.
func (a *api) guarded(next http.Handler) (http.Handler, error) {
	protection := http.NewCrossOriginProtection()
	protection.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.fail(w, r, fault.New(fault.Denied, "cross-origin", "a page of another site asked"))
	}))
	if a.Public != nil { // a proxy may ask us by another name than the browser asked it
		if err := protection.AddTrustedOrigin(a.Public.String()); err != nil {
			return nil, fmt.Errorf("public address: %w", err)
		}
	}
	protected := protection.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name, value := range headers {
			w.Header().Set(name, value)
		}
		w.Header().Set("Content-Security-Policy", policy)
		if a.https() {
			w.Header().Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
		}
		protected.ServeHTTP(w, r)
	}), nil
}
