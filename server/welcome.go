package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"strings"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"

	"lofteslogg/internal/access"
	"lofteslogg/internal/config"
	"lofteslogg/internal/event"
	"lofteslogg/internal/wire"
)

// baseOf is where links lead: the public address, or this machine by the port that is listened on.
func baseOf(c *config.Config) (*url.URL, error) {
	if u, err := c.Public(); u != nil || err != nil {
		return u, err
	}
	_, port, err := net.SplitHostPort(c.Addr)
	return &url.URL{Scheme: "http", Host: net.JoinHostPort("localhost", port)}, err
}

// welcome prints fresh links to come in by: one for a desk and one for a phone, of the oldest town.
func (h *house) welcome(ctx context.Context) error {
	towns, err := h.Towns(ctx)
	if err != nil {
		return err
	}
	if len(towns) == 0 {
		_, err := io.WriteString(h.outside.stdout, "\nNo town can be read, so nobody can come in: see lofteslogg doctor, and restore one from a backup.\n")
		return err
	}
	desk, err := h.invite(towns[0], access.Invitation{Town: towns[0].ID, Role: access.Coordinator, Account: h.keeper(towns[0])})
	if err != nil {
		return err
	}
	phone, err := h.invite(towns[0], access.Invitation{Town: towns[0].ID, Role: access.Field})
	if err != nil {
		return err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\nLöfteslogg %s, %s\n\n", versionName(), towns[0].Name)
	fmt.Fprintf(&b, "  Skrivbord / desk:  %s\n", desk.Desk)
	fmt.Fprintf(&b, "  Telefon / phone:   %s   kod/code: %s (15 min)\n", phone.Phone, phone.Code)
	b.WriteString("  Var länk går att använda en gång. / Each link works once.  More: lofteslogg invite --role field\n\n")
	if h.base.Scheme == "https" {
		if err := drawQR(&b, phone.Phone, isTerminal(h.outside.stdout)); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(&b, "  No QR code: a phone needs https (--public-url), or a cable and: adb reverse tcp:%[1]s tcp:%[1]s\n\n", h.base.Port())
	}
	_, err = io.WriteString(h.outside.stdout, b.String())
	return err
}

// keeper is the account that began the town; the desk link of each start comes in as it, as long as nobody gave it a
// name or shut it out. Otherwise the link makes an account.
func (h *house) keeper(t wire.Town) (id event.ID) {
	all := h.access.People(t.ID)
	if len(all) > 0 && all[0].Role == access.Coordinator && all[0].Name == "" && all[0].Revoked == 0 {
		id = all[0].ID
	}
	return id
}

// showInvitation prints what invite made.
func showInvitation(out io.Writer, i invited) error {
	var b strings.Builder
	if i.Desk != "" {
		fmt.Fprintf(&b, "Skrivbord / desk:  %s\n", i.Desk)
	}
	fmt.Fprintf(&b, "Telefon / phone:   %s\n", i.Phone)
	fmt.Fprintf(&b, "Kod / code:        %s   (%s, %s, once, until %s)\n", i.Code, i.Town.Name, i.Role, i.Until.Format("15.04"))
	_, err := io.WriteString(out, b.String())
	return err
}

// drawQR draws a code in half blocks, two rows of modules to a line. On a terminal it says which colour is which, so
// that it is dark on light whatever the terminal's own colours are.
func drawQR(b *strings.Builder, text string, coloured bool) error {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return fmt.Errorf("draw a QR code: %w", err)
	}
	const quiet = 2
	on, off := "", ""
	if coloured {
		on, off = "\x1b[97;40m", "\x1b[0m"
	}
	size := code.Bounds().Dx()
	for y := -quiet; y < size+quiet; y += 2 {
		b.WriteString("  " + on)
		for x := -quiet; x < size+quiet; x++ {
			b.WriteString(halfBlock(light(code, x, y), light(code, x, y+1)))
		}
		b.WriteString(off + "\n")
	}
	b.WriteString("\n")
	return nil
}

func halfBlock(upper, lower bool) string {
	switch {
	case upper && lower:
		return "█"
	case upper:
		return "▀"
	case lower:
		return "▄"
	}
	return " "
}

func light(code barcode.Barcode, x, y int) bool {
	size := code.Bounds().Dx()
	if x < 0 || y < 0 || x >= size || y >= size {
		return true
	}
	r, _, _, _ := code.At(x, y).RGBA()
	return r > 0x7fff
}

func isTerminal(out io.Writer) bool {
	f, ok := out.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
