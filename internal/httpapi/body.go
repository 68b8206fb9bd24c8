package httpapi

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"mime"
	"net/http"
	"os"
	"reflect"
	"strings"

	"lofteslogg/internal/fault"
	"lofteslogg/internal/wire"
)

// read reads the body into a request type of wire. Every member of the type must be there, once, and no other,
// but those that may be left out by omitempty; a list
// has at most wire.MaxEvents elements, which are counted before any is made, so that a body of empty ones does not
// grow in memory. Errors are fault.Invalid or TooLarge with the member named.
func (c *call) read(into any) error {
	body, err := c.bytes()
	if err != nil {
		return err
	}
	if err := complete(body, into); err != nil {
		return err
	}
	return plain(wire.Read(bytes.NewReader(body), c.limit, into))
}

func (c *call) bytes() ([]byte, error) {
	if err := checkMediaType(c.Header); err != nil {
		return nil, err
	}
	if c.ContentLength > c.limit {
		return nil, tooLarge(c.limit)
	}
	coming := c.arriving()
	sent := &watched{r: coming}
	var r io.Reader = sent
	if c.Header.Get("Content-Encoding") == "gzip" {
		z, err := gzip.NewReader(sent)
		if err != nil {
			return nil, sent.why(err)
		}
		r = z
	}
	body, err := io.ReadAll(io.LimitReader(r, c.limit+1))
	switch {
	case err != nil:
		return nil, sent.why(err)
	case int64(len(body)) > c.limit:
		return nil, tooLarge(c.limit)
	}
	coming.whole()
	return body, nil
}

func tooLarge(limit int64) error {
	return fault.New(fault.TooLarge, "", "a body has at most %d bytes, after decompression", limit)
}

func checkMediaType(h http.Header) error {
	kind, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	charset, hasCharset := params["charset"]
	if err != nil || kind != "application/json" || len(h.Values("Content-Type")) != 1 ||
		hasCharset && !strings.EqualFold(charset, "utf-8") || len(params) > 1 || len(params) == 1 && !hasCharset {
		return fault.New(fault.Invalid, "media-type", "want application/json").At("Content-Type")
	}
	if e := h.Values("Content-Encoding"); len(e) > 1 || len(e) == 1 && e[0] != "gzip" && e[0] != "identity" {
		return fault.New(fault.Invalid, "media-type", "want gzip or nothing").At("Content-Encoding")
	}
	return nil
}

// watched remembers what was wrong with the connection, apart from what is wrong with the bytes.
type watched struct {
	r   io.Reader
	err error
}

func (s *watched) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}

// why says what a failed reading means: bytes that are not what they say, too many of them, or a network too slow.
func (s *watched) why(err error) error {
	var many *http.MaxBytesError
	switch {
	case s.err == nil:
		return fault.New(fault.Invalid, "", "not gzip: %w", err).At("body")
	case errors.As(s.err, &many):
		return tooLarge(many.Limit)
	case errors.Is(s.err, os.ErrDeadlineExceeded):
		return fault.New(fault.Invalid, "slow-body", "the body did not arrive in time")
	}
	return fault.New(fault.Invalid, "", "the body ends too early").At("body")
}

// complete checks that every member of the type is there and that no list is too long.
func complete(body []byte, into any) error {
	var members map[string]wire.Raw
	size := int64(len(body))
	if err := wire.Read(bytes.NewReader(body), size, &members); err != nil {
		return plain(err)
	}
	t := reflect.TypeOf(into).Elem()
	for i := range t.NumField() {
		name, option, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		raw, ok := members[name]
		if !ok && option == "omitempty" {
			continue
		}
		if !ok || raw.Kind() == 'n' && t.Field(i).Type.Kind() != reflect.Pointer {
			return fault.New(fault.Invalid, "", "missing").At(name)
		}
		if raw.Kind() != '[' {
			continue
		}
		var list []anything
		if err := wire.Read(bytes.NewReader(raw), size, &list); err != nil {
			return plain(err)
		}
		if len(list) > wire.MaxEvents {
			return fault.New(fault.TooLarge, "", "%d elements; at most %d", len(list), wire.MaxEvents).At(name)
		}
	}
	return nil
}

// anything is any value, of which nothing is kept.
type anything struct{}

// UnmarshalJSON keeps nothing.
func (*anything) UnmarshalJSON([]byte) error { return nil }

// plain leaves out of an error of the decoder what would tell about our types.
func plain(err error) error {
	var f *fault.Error
	if !errors.As(err, &f) || f.Kind != fault.Invalid {
		return err
	}
	text := f.Unwrap().Error()
	if i := strings.Index(text, " into Go "); i >= 0 {
		text = "a value of the wrong type or out of range"
	}
	field := f.Field
	if field == "" {
		field = "body"
	}
	return fault.New(fault.Invalid, f.Code, "%s", text).At(field)
}
