package httpapi

import (
	"bytes"
	"fmt"
	"net/http"

	"lofteslogg/internal/fault"
	"lofteslogg/internal/wire"
)

var errCrowded = fault.New(fault.Busy, "crowded", "there is room for those alone who are signed in")

// Crowded is a whole HTTP reply, for those who are turned away before they could ask.
func Crowded() []byte {
	code, p := describe(errCrowded)
	var doc, b bytes.Buffer
	_ = wire.Write(&doc, wire.Problem{Type: "/problems/" + code, Title: p.title, Status: p.status, SV: p.sv, EN: p.en}) // texts and a number
	fmt.Fprintf(&b, "HTTP/1.1 %d %s\r\nContent-Type: application/problem+json\r\nCache-Control: no-store\r\n", p.status, http.StatusText(p.status))
	fmt.Fprintf(&b, "Retry-After: %d\r\nConnection: close\r\nContent-Length: %d\r\n\r\n", p.retry, doc.Len())
	b.Write(doc.Bytes())
	return b.Bytes()
}
