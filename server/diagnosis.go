package main

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"lofteslogg/internal/config"
	"lofteslogg/internal/event"
)

// The bounds of what needs nobody.
const (
	leastFree  = 1 << 30          // bytes of disk
	mostAhead  = 10 * time.Minute // of a stamp before the clock
	mostBehind = 400 * 24 * time.Hour
)

// diagnosis is what doctor found. Needs are sentences about what a person must look at.
type diagnosis struct {
	Version string       `json:"version"`
	Data    string       `json:"data"`
	Running bool         `json:"running"`
	Free    uint64       `json:"free"` // bytes of disk
	Access  int64        `json:"access"`
	Towns   []townHealth `json:"towns"`
	Backups backupHealth `json:"backups"`
	Needs   []string     `json:"needs"`
	Notes   []string     `json:"notes"` // what is good to know and needs nobody
}

// townHealth is how a town is, as the one who has it open sees it.
type townHealth struct {
	ID      event.ID `json:"id"`
	Slug    string   `json:"slug"`
	Name    string   `json:"name"`
	File    string   `json:"file"`
	Size    int64    `json:"size"`
	Seq     uint64   `json:"seq"`
	Entries int      `json:"entries"`
	Silent  int      `json:"silent"` // phones
	High    int64    `json:"high"`   // ms, the largest stamp; 0 for none
	Erased  int      `json:"erased"` // lines of the ledger
	Problem string   `json:"problem,omitempty"`
	Ledger  string   `json:"ledger,omitempty"` // what is wrong with the ledger, or with what it says
	Copies  string   `json:"copies,omitempty"` // what is wrong with the copies of what desks wrote
}

type backupHealth struct {
	Dir      string    `json:"dir"`
	Count    int       `json:"count"`
	Last     time.Time `json:"last,omitzero"`
	Verified bool      `json:"verified"`
	Free     uint64    `json:"free"` // bytes of its disk
	Next     int64     `json:"next"` // bytes that the next one takes, about
}

func (d *diagnosis) note(format string, args ...any) {
	d.Notes = append(d.Notes, fmt.Sprintf(format, args...))
}

func (d *diagnosis) need(format string, args ...any) {
	d.Needs = append(d.Needs, fmt.Sprintf(format, args...))
}

func (d *diagnosis) judgeTown(t *townHealth, now time.Time) {
	t.Size = sizeOf(t.File)
	if t.Copies != "" {
		d.need("Town %s: %s.", cmp.Or(t.Slug, t.ID.String()), t.Copies)
	}
	if t.Ledger != "" {
		d.need("Town %s: %s.", cmp.Or(t.Slug, t.ID.String()), t.Ledger)
	}
	if t.Problem != "" {
		d.need("Town %s cannot be read (%s): restore it from a backup.", t.ID, t.Problem)
		return
	}
	high := time.UnixMilli(t.High)
	switch {
	case t.High == 0:
	case high.Sub(now) > mostAhead:
		d.need("The newest entry of %s is of %s, and this machine's clock says %s: set the clock. Entries are taken all the same.", t.Slug, high.Format(time.RFC3339), now.Format(time.RFC3339))
	case now.Sub(high) > mostBehind:
		d.need("The newest entry of %s is of %s, and this machine's clock says %s: is the clock ahead?", t.Slug, high.Format(time.DateOnly), now.Format(time.DateOnly))
	}
}

func (d *diagnosis) judgeBackups(c *config.Config, p *policy, now time.Time) error {
	dir, err := filepath.Abs(p.dir(c))
	if err != nil {
		return err
	}
	all, strange, err := backupsIn(dir)
	if err != nil {
		return err
	}
	d.Backups = backupHealth{Dir: dir, Count: len(all)}
	for _, s := range strange {
		d.need("%s is among the backups and is none that this version can read.", s)
	}
	if len(all) == 0 {
		d.need("There is no backup in %s: lofteslogg backup makes one.", dir)
		return nil
	}
	last := all[len(all)-1]
	failed := last.failed()
	d.Backups.Last, d.Backups.Verified = last.Made, failed == nil
	if failed != nil {
		d.need("The last backup is not verified: %v.", failed)
	}
	switch age := now.Sub(last.Made); {
	case age < -mostAhead:
		d.need("The last backup is of %s, which is to come: set the clock.", last.Made.Format(time.RFC3339))
	case p.BackupEvery > 0 && age > 2*p.BackupEvery:
		d.need("The last backup is %s old, and one is to be made every %s: look for \"backup\" in the log.", ageText(age), p.BackupEvery)
	}
	d.judgeKept(all)
	return nil
}

// judgeKept tells of towns that a disk could take with it.
func (d *diagnosis) judgeKept(all []*manifest) {
	count := map[event.ID]int{}
	for _, m := range all {
		for _, t := range m.Towns {
			if t.Verified {
				count[t.Town]++
			}
		}
	}
	for _, t := range d.Towns {
		if count[t.ID] == 0 && t.Problem == "" {
			d.need("No verified backup has %s.", t.Slug)
		}
	}
}

// String is what people read.
func (d *diagnosis) String() string {
	var b strings.Builder
	running := "No server runs"
	if d.Running {
		running = "A server runs"
	}
	fmt.Fprintf(&b, "Löfteslogg %s. %s on %s.\n", d.Version, running, d.Data)
	fmt.Fprintf(&b, "Disk: %s free. Accounts: %s.\n", bytesText(int64(d.Free)), bytesText(d.Access))
	for _, t := range d.Towns {
		if t.Problem == "" {
			fmt.Fprintf(&b, "%s (%s): %d entries, seq %d, %s in %s. Phones silent for a week: %d.\n", t.Name, t.Slug, t.Entries, t.Seq, bytesText(t.Size), t.File, t.Silent)
		}
	}
	if d.Backups.Count > 0 {
		verified := "verified"
		if !d.Backups.Verified {
			verified = "not verified"
		}
		fmt.Fprintf(&b, "Backups: %d in %s, the last of %s, %s.\n", d.Backups.Count, d.Backups.Dir, d.Backups.Last.Format(time.RFC3339), verified)
	}
	for _, n := range d.Notes {
		fmt.Fprintf(&b, "  %s\n", n)
	}
	for _, n := range d.Needs {
		fmt.Fprintf(&b, "! %s\n", n)
	}
	if len(d.Needs) == 0 {
		b.WriteString("Nothing needs a person.\n")
	}
	return b.String()
}

func sizeOf(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}

func bytesText(n int64) string {
	if n >= 1<<30 {
		return fmt.Sprintf("%.1f GiB", float64(n)/(1<<30))
	}
	return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
}

func ageText(d time.Duration) string { return fmt.Sprintf("%d h", int(d.Hours())) }
