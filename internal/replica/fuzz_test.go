package replica

import (
	"fmt"
	"strings"
	"testing"

	"lofteslogg/internal/fault"
)

func FuzzReadCursor(f *testing.F) {
	f.Add("")
	f.Add(cursor{seq: 7, chain: [16]byte{1}}.String())
	f.Add("AAAA")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := readCursor(text)
		switch {
		case err != nil && fault.KindOf(err) != fault.Invalid:
			t.Errorf("%q: %v", text, err)
		case err == nil && text != "" && c.String() != text:
			t.Errorf("%q reads as %+v, spelled %q", text, c, c.String())
		}
	})
}

func FuzzParseHead(f *testing.F) {
	f.Add("01930000-0000-7000-8000-000000000001:7:" + strings.Repeat("0a", 32))
	f.Add("01930000-0000-7000-8000-000000000001:007:" + strings.Repeat("0a", 32))
	f.Add("::")
	f.Fuzz(func(t *testing.T, text string) {
		h, err := ParseHead(text)
		switch {
		case err != nil && fault.KindOf(err) != fault.Invalid:
			t.Errorf("%q: %v", text, err)
		case err == nil && h != nil && fmt.Sprintf("%s:%d:%s", h.Epoch, h.Seq, h.Chain) != text:
			t.Errorf("%q reads as %+v", text, h)
		}
	})
}
