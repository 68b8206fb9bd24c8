module lofteslogg/disk

go 1.26.0

require (
	github.com/google/uuid v1.6.0
	github.com/hanwen/go-fuse/v2 v2.12.1
)

require golang.org/x/sys v0.45.0 // indirect
