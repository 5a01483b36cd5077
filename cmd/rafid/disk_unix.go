//go:build unix

package main

import "golang.org/x/sys/unix"

// freeBytes is the room that is left where dir is, for who may not use what is reserved.
func freeBytes(dir string) (uint64, error) {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		return 0, err
	}
	return st.Bavail * uint64(st.Bsize), nil
}
