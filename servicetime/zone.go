package servicetime

import (
	"sort"
	"time"
)

const daySeconds = 86400

// offset is a stretch [from, to) of UTC seconds in which a zone's clocks keep one distance
// from UTC. On the wall it runs from from+east to to+east.
type offset struct{ from, to, east int64 }

// zone lists the stretches of a location over the range and a few days around it, so that
// nothing is asked of package time while judging.
type zone []offset

// The instants for which zones are listed: two days more than the range at either end.
var (
	zoneFrom = int64(firstDay-2) * daySeconds
	zoneTo   = int64(lastDay+3) * daySeconds
)

func newZone(loc *time.Location) zone {
	var z zone
	for t := zoneFrom; t < zoneTo; {
		end, east := zoneBounds(loc, t)
		if n := len(z); n > 0 && z[n-1].east == east {
			z[n-1].to = end
		} else {
			z = append(z, offset{t, end, east})
		}
		t = end
	}
	return z
}

// zoneBounds returns the offset at t and an instant after t until which it holds.
//
// Time.ZoneBounds splits at the edges of UTC years behind the end of a zone's table (2037),
// and on 31 December of leap years its end is not after t (Stockholm 2040-12-31). There the
// zone is asked hour by hour.
func zoneBounds(loc *time.Location, t int64) (end, east int64) {
	at := time.Unix(t, 0).In(loc)
	_, e := at.Zone()
	east = int64(e)
	if _, bound := at.ZoneBounds(); bound.IsZero() {
		return zoneTo, east
	} else if end = bound.Unix(); end > t {
		return min(end, zoneTo), east
	}
	const hour = 3600
	if eastAt(loc, t+hour) == east {
		return t + hour, east
	}
	// The first second within the hour with another offset.
	n := sort.Search(hour, func(i int) bool { return eastAt(loc, t+int64(i)) != east })
	return t + int64(n), east
}

func eastAt(loc *time.Location, t int64) int64 {
	_, e := time.Unix(t, 0).In(loc).Zone()
	return int64(e)
}

// longest is the offset that the zone keeps for the most time.
func (z zone) longest() int64 {
	kept := map[int64]int64{}
	longest := z[0].east
	for _, o := range z {
		kept[o.east] += o.to - o.from
		if kept[o.east] > kept[longest] {
			longest = o.east
		}
	}
	return longest
}

// at returns the index of the stretch that holds the instant.
func (z zone) at(t int64) int {
	lo, hi := 0, len(z)-1
	for lo < hi {
		mid := int(uint(lo+hi+1) >> 1)
		if z[mid].from <= t {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	return lo
}

// wall is the wall clock at an instant, in seconds since 1970-01-01 00:00 on the wall.
func (z zone) wall(t int64) int64 { return t + z[z.at(t)].east }

// instant turns a wall time into an instant: the first of two where clocks went
// back, and where they went forward over it, later by the gap.
//
//	wall     |---- before ----|  gap  |---- after ----|
//	                             ^ 02:30 → 03:30
func (z zone) instant(wall int64) int64 {
	const widest = 26 * 3600 // no zone is further from UTC
	for i := z.at(wall - widest); i < len(z); i++ {
		if wall < z[i].to+z[i].east {
			if i > 0 && wall < z[i].from+z[i].east {
				return wall - z[i-1].east
			}
			return wall - z[i].east
		}
	}
	return wall - z[len(z)-1].east
}

// skipped lists the dates that no clock in the zone ever showed: Apia 2011-12-30.
func (z zone) skipped() []int {
	var days []int
	for i := 1; i < len(z); i++ {
		gapFrom, gapTo := z[i-1].to+z[i-1].east, z[i].from+z[i].east
		for day := floorDiv(int(gapFrom)+daySeconds-1, daySeconds); int64(day+1)*daySeconds <= gapTo; day++ {
			days = append(days, day)
		}
	}
	return days
}
