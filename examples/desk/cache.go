package main

import (
	"container/list"
	"sync"
)

// A cache keeps what was used last, within a bound in bytes.
type cache[T any] struct {
	mu    sync.Mutex
	most  int64
	bytes int64
	byKey map[string]*list.Element // of entries
	order *list.List               // the last used first
}

type entry[T any] struct {
	key   string
	value T
	bytes int64
}

func newCache[T any](most int64) *cache[T] {
	return &cache[T]{most: most, byKey: map[string]*list.Element{}, order: list.New()}
}

// get returns what is kept under a key, or makes it: the value and its size. What is larger than the bound is not kept.
func (c *cache[T]) get(key string, makeIt func() (T, int64, error)) (T, error) {
	c.mu.Lock()
	if e := c.byKey[key]; e != nil {
		c.order.MoveToFront(e)
		value := e.Value.(entry[T]).value //nolint:forcetypeassert // only entries are put there
		c.mu.Unlock()
		return value, nil
	}
	c.mu.Unlock()
	value, size, err := makeIt() // two may make the same at once
	if err != nil {
		return value, err
	}
	const overhead = 200
	size += int64(2*len(key)) + overhead
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.byKey[key] == nil && size <= c.most {
		c.byKey[key] = c.order.PushFront(entry[T]{key, value, size})
		c.bytes += size
		for c.bytes > c.most {
			last := c.order.Back()
			old := c.order.Remove(last).(entry[T]) //nolint:forcetypeassert // only entries are put there
			delete(c.byKey, old.key)
			c.bytes -= old.bytes
		}
	}
	return value, nil
}
