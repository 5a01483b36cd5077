//go:build !unix

package sqlite

import "os"

// lockFile opens the lock file; without flock, SQLite's own locks are all that keeps two processes apart.
func lockFile(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
}
