package output

import (
	"sync"
	"time"
)

// pageCache keeps served pages for as long as they are true: until something is published or the minute
// that their relative times are told from is over. The zero cache is ready.
type pageCache struct {
	mu         sync.Mutex
	generation uint64
	pages      map[string]cachedPage
}

type cachedPage struct {
	*rendering
	generation uint64
	minute     int64
}

// maxPages bounds the cache, to about 20 MB: what is kept is compressed.
const maxPages = 1000

// expire forgets all pages.
func (c *pageCache) expire() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.generation++
	clear(c.pages)
}

// get gives the page if it is still true, and the generation that a new one would be of.
func (c *pageCache) get(key string, now time.Time) (*rendering, uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	p, ok := c.pages[key]
	if !ok || p.generation != c.generation || p.minute != now.Unix()/60 {
		return nil, c.generation
	}
	return p.rendering, c.generation
}

// put keeps a page that was begun in a generation.
func (c *pageCache) put(key string, r *rendering, generation uint64, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if generation != c.generation {
		return
	}
	if c.pages == nil || len(c.pages) >= maxPages {
		c.pages = make(map[string]cachedPage)
	}
	c.pages[key] = cachedPage{r.slim(), generation, now.Unix() / 60}
}
