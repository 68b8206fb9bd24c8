package main

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
)

// sector is what a disk writes whole.
const sector = 512

// image is what a disk holds, by inode: files, and folders by name.
type image struct {
	root    uint64
	files   map[uint64][]byte
	folders map[uint64]map[string]uint64
}

func newImage(root uint64) *image {
	return &image{root: root, files: map[uint64][]byte{}, folders: map[uint64]map[string]uint64{root: {}}}
}

// crash gives what a disk may hold when the power goes after the first n operations: all that was made durable, and of the rest what
// chance left of it. Writes that nobody asked to be durable may be missing, out of order and torn between sectors; names come in
// order, and as many of the last as chance let through.
func crash(root uint64, log []op, n int, chance *rand.Rand) *image {
	im, pending, names := replay(root, log[:n])
	for _, o := range names[:chance.IntN(len(names)+1)] {
		im.name(o)
	}
	for _, file := range sorted(pending) {
		im.leave(pending[file], chance)
	}
	return im
}

// durable is what a disk holds at least: what it was asked to make durable, and nothing else.
func durable(root uint64, log []op) *image {
	im, _, _ := replay(root, log)
	return im
}

// replay gives what is durable, and what of it is not: of each file, and of names.
func replay(root uint64, log []op) (im *image, pending map[uint64][]op, names []op) {
	im, pending = newImage(root), map[uint64][]op{}
	for _, o := range log {
		switch o.verb {
		case writes, resizes:
			pending[o.file] = append(pending[o.file], o)
		case syncs:
			im.settle(pending[o.file])
			delete(pending, o.file)
			names = im.settleNames(names, o.file)
		default:
			names = append(names, o)
		}
	}
	return im, pending, names
}

func sorted(of map[uint64][]op) []uint64 {
	keys := make([]uint64, 0, len(of))
	for k := range of {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func (im *image) settle(ops []op) {
	for _, o := range ops {
		im.apply(o)
	}
}

// settleNames makes durable the names in a folder that was asked for, and with a file that it is there. What came before it goes with it.
func (im *image) settleNames(names []op, what uint64) []op {
	last := -1
	for i, o := range names {
		if o.in == what || o.to == what && o.verb == renames || o.file == what && (o.verb == makes || o.verb == folders) {
			last = i
		}
	}
	for _, o := range names[:last+1] {
		im.name(o)
	}
	return names[last+1:]
}

// leave applies some of what nobody asked to be durable.
func (im *image) leave(ops []op, chance *rand.Rand) {
	if chance.IntN(4) == 0 {
		return // none of it reached the disk
	}
	if chance.IntN(2) == 0 {
		chance.Shuffle(len(ops), func(i, j int) { ops[i], ops[j] = ops[j], ops[i] })
	}
	for _, o := range ops {
		switch chance.IntN(4) {
		case 0: // it did not
		case 1:
			im.tear(o, chance)
		default:
			im.apply(o)
		}
	}
}

// tear applies some of the sectors of a write.
func (im *image) tear(o op, chance *rand.Rand) {
	for from := 0; from < len(o.data); from += sector {
		if chance.IntN(2) == 0 {
			part := o
			part.at, part.data = o.at+int64(from), o.data[from:min(from+sector, len(o.data))]
			im.apply(part)
		}
	}
}

func (im *image) apply(o op) {
	file := im.files[o.file]
	need := int(o.at) + len(o.data)
	if len(file) < need {
		file = append(file, make([]byte, need-len(file))...)
	}
	if o.verb == resizes {
		file = file[:need]
	}
	copy(file[o.at:], o.data)
	im.files[o.file] = file
}

func (im *image) name(o op) {
	folder := im.folders[o.in]
	if folder == nil {
		return // the folder itself did not get there
	}
	switch o.verb {
	case makes, links:
		folder[o.name] = o.file
	case folders:
		folder[o.name] = o.file
		im.folders[o.file] = map[string]uint64{}
	case unlinks:
		delete(folder, o.name)
	case renames:
		if to := im.folders[o.to]; to != nil {
			to[o.into] = folder[o.name]
			delete(folder, o.name)
		}
	}
}

// write puts the image into a folder.
func (im *image) write(folder string) error { return im.writeFolder(im.root, folder) }

func (im *image) writeFolder(inode uint64, path string) error {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return err
	}
	for name, file := range im.folders[inode] {
		at := filepath.Join(path, name)
		if im.folders[file] != nil {
			if err := im.writeFolder(file, at); err != nil {
				return err
			}
			continue
		}
		if err := os.WriteFile(at, im.files[file], 0o600); err != nil {
			return err
		}
	}
	return nil
}
