package main

import (
	"bytes"
	"sync"
	"syscall"
	"time"

	"github.com/hanwen/go-fuse/v2/fs"
	"github.com/hanwen/go-fuse/v2/fuse"
)

// mirror is a file system that passes everything on to a folder, writes down what changes it and when it was asked to
// be durable, and can refuse. It is how a disk is made to fail at a chosen moment.
type mirror struct {
	fuse.RawFileSystem
	server *fuse.Server

	mu    sync.Mutex
	nodes map[uint64]uint64 // node → inode, which outlives it
	log   []op
	keep  bool // write down what changes
	meet  func(kind verb, n int) trouble
	count map[verb]int
}

// verb is what was asked of the disk.
type verb string

const (
	writes  verb = "write"
	resizes verb = "truncate"
	syncs   verb = "fsync"
	makes   verb = "create"
	links   verb = "link"
	renames verb = "rename"
	unlinks verb = "unlink"
	folders verb = "mkdir"
)

// op is one change, or one promise that changes are durable. Inodes are those of the folder below.
type op struct {
	verb       verb
	file       uint64 // what was written to or made durable
	at         int64  // offset, or the new size
	data       []byte
	in, to     uint64 // folders of the name, and of the new one
	name, into string
}

// trouble is what an operation meets. The zero value is none.
type trouble struct {
	errno syscall.Errno
	short bool          // half of the bytes are written, and that is said
	wait  time.Duration // before anything
	then  func()        // when it is done, before it is answered
}

// mount puts a mirror of folder at point.
func mount(folder, point string) (*mirror, error) {
	root, err := fs.NewLoopbackRoot(folder)
	if err != nil {
		return nil, err
	}
	m := &mirror{nodes: map[uint64]uint64{}, count: map[verb]int{}, RawFileSystem: fs.NewNodeFS(root, &fs.Options{})}
	var st syscall.Stat_t
	if err := syscall.Stat(folder, &st); err != nil {
		return nil, err
	}
	m.nodes[fuse.FUSE_ROOT_ID] = st.Ino
	m.server, err = fuse.NewServer(m, point, &fuse.MountOptions{FsName: "mirror", DirectMount: true, MaxWrite: 1 << 20, DisableReadDirPlus: true})
	if err != nil {
		return nil, err
	}
	go m.server.Serve()
	return m, m.server.WaitMount()
}

func (m *mirror) unmount() error { return m.server.Unmount() }

// record begins to write down changes, or ends it, and gives what was written down.
func (m *mirror) record(on bool) []op {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.keep = on
	return m.log
}

// soFar is what was written down until now.
func (m *mirror) soFar() []op {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.log[:len(m.log):len(m.log)]
}

// now is how many changes there have been.
func (m *mirror) now() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.log)
}

// when has meet decide what each operation meets; nil lets all pass. n counts from 0, by verb.
func (m *mirror) when(meet func(kind verb, n int) trouble) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.meet, m.count = meet, map[verb]int{}
}

func (m *mirror) trouble(v verb) (t trouble) {
	m.mu.Lock()
	if m.meet != nil {
		t = m.meet(v, m.count[v])
		m.count[v]++
	}
	m.mu.Unlock()
	time.Sleep(t.wait)
	return t
}

// did writes the change down, if it came about.
func (m *mirror) did(status fuse.Status, t trouble, o op) fuse.Status {
	if status == fuse.OK {
		m.mu.Lock()
		if m.keep {
			m.log = append(m.log, o)
		}
		m.mu.Unlock()
	}
	if t.then != nil {
		t.then()
	}
	return status
}

func (m *mirror) inode(node uint64) uint64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.nodes[node]
}

func (m *mirror) meets(out *fuse.EntryOut) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.nodes[out.NodeId] = out.Ino
}

// Lookup remembers which inode a node is.
func (m *mirror) Lookup(cancel <-chan struct{}, h *fuse.InHeader, name string, out *fuse.EntryOut) fuse.Status {
	status := m.RawFileSystem.Lookup(cancel, h, name, out)
	if status == fuse.OK && out.NodeId != 0 {
		m.meets(out)
	}
	return status
}

// Write may fail, or be short.
func (m *mirror) Write(cancel <-chan struct{}, in *fuse.WriteIn, data []byte) (uint32, fuse.Status) {
	t := m.trouble(writes)
	if t.errno != 0 {
		return 0, m.did(fuse.Status(t.errno), t, op{})
	}
	if t.short {
		data = data[:len(data)/2]
	}
	n, status := m.RawFileSystem.Write(cancel, in, data)
	return n, m.did(status, t, op{verb: writes, file: m.inode(in.NodeId), at: int64(in.Offset), data: append([]byte(nil), data[:n]...)})
}

// Fsync may fail, and then nothing is durable that was not.
func (m *mirror) Fsync(cancel <-chan struct{}, in *fuse.FsyncIn) fuse.Status {
	t := m.trouble(syncs)
	if t.errno != 0 {
		return m.did(fuse.Status(t.errno), t, op{})
	}
	return m.did(fuse.OK, t, op{verb: syncs, file: m.inode(in.NodeId)}) // the folder below need not be durable
}

// FsyncDir is the same for names.
func (m *mirror) FsyncDir(cancel <-chan struct{}, in *fuse.FsyncIn) fuse.Status {
	return m.Fsync(cancel, in)
}

// SetAttr is written down when it changes the size.
func (m *mirror) SetAttr(cancel <-chan struct{}, in *fuse.SetAttrIn, out *fuse.AttrOut) fuse.Status {
	size, resized := in.GetSize()
	if !resized {
		return m.RawFileSystem.SetAttr(cancel, in, out)
	}
	t := m.trouble(resizes)
	if t.errno != 0 {
		return m.did(fuse.Status(t.errno), t, op{})
	}
	return m.did(m.RawFileSystem.SetAttr(cancel, in, out), t, op{verb: resizes, file: m.inode(in.NodeId), at: int64(size)})
}

// Create makes a file, and never lets the kernel write past the mirror.
func (m *mirror) Create(cancel <-chan struct{}, in *fuse.CreateIn, name string, out *fuse.CreateOut) fuse.Status {
	t := m.trouble(makes)
	if t.errno != 0 {
		return m.did(fuse.Status(t.errno), t, op{})
	}
	status := m.RawFileSystem.Create(cancel, in, name, out)
	if status == fuse.OK {
		m.meets(&out.EntryOut)
	}
	return m.did(status, t, op{verb: makes, in: m.inode(in.NodeId), name: name, file: out.Ino})
}

// Mkdir makes a folder.
func (m *mirror) Mkdir(cancel <-chan struct{}, in *fuse.MkdirIn, name string, out *fuse.EntryOut) fuse.Status {
	t := m.trouble(folders)
	if t.errno != 0 {
		return m.did(fuse.Status(t.errno), t, op{})
	}
	status := m.RawFileSystem.Mkdir(cancel, in, name, out)
	if status == fuse.OK {
		m.meets(out)
	}
	return m.did(status, t, op{verb: folders, in: m.inode(in.NodeId), name: name, file: out.Ino})
}

// Link gives a file a second name.
func (m *mirror) Link(cancel <-chan struct{}, in *fuse.LinkIn, name string, out *fuse.EntryOut) fuse.Status {
	t := m.trouble(links)
	if t.errno != 0 {
		return m.did(fuse.Status(t.errno), t, op{})
	}
	status := m.RawFileSystem.Link(cancel, in, name, out)
	return m.did(status, t, op{verb: links, in: m.inode(in.NodeId), name: name, file: m.inode(in.Oldnodeid)})
}

// Rename gives another name.
func (m *mirror) Rename(cancel <-chan struct{}, in *fuse.RenameIn, from, to string) fuse.Status {
	t := m.trouble(renames)
	if t.errno != 0 {
		return m.did(fuse.Status(t.errno), t, op{})
	}
	status := m.RawFileSystem.Rename(cancel, in, from, to)
	return m.did(status, t, op{verb: renames, in: m.inode(in.NodeId), name: from, to: m.inode(in.Newdir), into: to})
}

// Unlink takes a name away.
func (m *mirror) Unlink(cancel <-chan struct{}, h *fuse.InHeader, name string) fuse.Status {
	t := m.trouble(unlinks)
	if t.errno != 0 {
		return m.did(fuse.Status(t.errno), t, op{})
	}
	return m.did(m.RawFileSystem.Unlink(cancel, h, name), t, op{verb: unlinks, in: m.inode(h.NodeId), name: name})
}

// Rmdir takes the name of a folder away.
func (m *mirror) Rmdir(cancel <-chan struct{}, h *fuse.InHeader, name string) fuse.Status {
	t := m.trouble(unlinks)
	if t.errno != 0 {
		return m.did(fuse.Status(t.errno), t, op{})
	}
	return m.did(m.RawFileSystem.Rmdir(cancel, h, name), t, op{verb: unlinks, in: m.inode(h.NodeId), name: name})
}

// CopyFileRange is refused: what is copied must come by as writes.
func (m *mirror) CopyFileRange(<-chan struct{}, *fuse.CopyFileRangeIn) (uint32, fuse.Status) {
	return 0, fuse.ENOSYS
}

// Fallocate is refused: a size must come by as one.
func (m *mirror) Fallocate(<-chan struct{}, *fuse.FallocateIn) fuse.Status { return fuse.ENOSYS }

// Init keeps the server from the file system below, which would have the kernel write past the mirror.
func (m *mirror) Init(*fuse.Server) {}

// Writev is a write that came in pieces.
func (m *mirror) Writev(cancel <-chan struct{}, in *fuse.WriteIn, data [][]byte) (uint32, fuse.Status) {
	return m.Write(cancel, in, bytes.Join(data, nil))
}
