package httpapi

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"lofteslogg/internal/wire"
)

const worthPacking = 512 // bytes

var packers = sync.Pool{New: func() any { return gzip.NewWriter(nil) }}

// reply answers with v, packed when that is asked for and worth it. It is made whole before the first byte leaves, so
// that an error on the way is still a problem document.
func (c *call) reply(v any) error { return c.replyAs(http.StatusOK, v) }

func (c *call) replyAs(status int, v any) error {
	var b bytes.Buffer
	if err := wire.Write(&b, v); err != nil {
		return err
	}
	body := b.Bytes()
	h := c.w.Header()
	h.Set("Content-Type", "application/json")
	h.Add("Vary", "Accept-Encoding")
	if len(body) >= worthPacking && accepts(c.Request, "gzip") {
		packed, err := pack(body)
		if err != nil {
			return err
		}
		body = packed
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	leaves(c.w, len(body))
	c.w.WriteHeader(status)
	_, _ = c.w.Write(body) // whoever hung up asks again
	return nil
}

func pack(body []byte) ([]byte, error) {
	var b bytes.Buffer
	z := packers.Get().(*gzip.Writer)
	defer packers.Put(z)
	z.Reset(&b)
	if _, err := z.Write(body); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// accepts tells whether the asker takes an encoding.
func accepts(r *http.Request, encoding string) bool {
	for _, one := range strings.Split(strings.Join(r.Header.Values("Accept-Encoding"), ","), ",") {
		name, q, _ := strings.Cut(one, ";")
		if strings.EqualFold(strings.TrimSpace(name), encoding) {
			weight, err := strconv.ParseFloat(strings.TrimPrefix(strings.ReplaceAll(q, " ", ""), "q="), 64)
			return q == "" || err == nil && weight > 0
		}
	}
	return false
}
