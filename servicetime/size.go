package servicetime

import "reflect"

// Size is about how many bytes the calendar holds, but for its location: for a cache that is to stay within a bound.
func (c *Calendar) Size() int64 {
	n := held(c.zone) + held(c.days) + held(c.cells) + held(c.windows) + held(c.starts) + held(c.inverse)
	n += held(c.rule) + held(c.rules) + held(c.closing) + held(c.business.words) + held(c.business.ranks)
	n += held(c.uncut) + held(c.holidays) + held(c.names) + held(c.extra)
	for _, r := range c.rules {
		n += held(r)
	}
	for _, name := range c.names {
		n += int64(len(name))
	}
	for i := range c.extra {
		n += int64(len(c.extra[i].name))
	}
	return n + int64(reflect.TypeFor[Calendar]().Size()) //nolint:gosec // some hundred bytes
}

func held[T any](s []T) int64 {
	return int64(cap(s)) * int64(reflect.TypeFor[T]().Size()) //nolint:gosec // the size of an element
}
