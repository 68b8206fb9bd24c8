package main

import "os"

// paceBytes is how much is written before the disk is asked to have it.
const paceBytes = 4 << 20

// paced writes a long file beside towns that are in use. What it wrote goes to the disk as it comes, a little at a time: a
// flood at the end would hold up the fsync that answers a phone. Memory is not filled with a file that nobody reads soon.
type paced struct {
	file   *os.File
	at     int64
	passed int64 // what is on disk already
}

func (p *paced) Write(b []byte) (int, error) {
	n, err := p.file.Write(b)
	p.at += int64(n)
	if p.at-p.passed >= paceBytes {
		settle(p.file, p.passed, p.at-p.passed)
		p.passed = p.at
	}
	return n, err
}
