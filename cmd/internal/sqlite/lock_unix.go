//go:build unix

package sqlite

import (
	"errors"
	"os"
	"syscall"
	"time"
)

// A lock that was just given back may still be held for an instant, by a child process between its fork and its
// exec, or by a server that is ending while its successor starts.
const (
	lockTries = 10
	lockPause = 50 * time.Millisecond
)

// lockFile takes the lock that keeps a second process away. The kernel lets go of it when the process
// ends, however it ends.
func lockFile(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	for try := 0; try < lockTries && errors.Is(err, syscall.EWOULDBLOCK); try++ {
		time.Sleep(lockPause)
		err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	}
	if err != nil {
		if errors.Is(err, syscall.EWOULDBLOCK) {
			err = ErrInUse
		}
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}
