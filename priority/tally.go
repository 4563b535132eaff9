package priority

import "example.com/sla/compliance"

// Count is how many tickets, or clocks, came to each outcome.
type Count struct {
	Met      int64 `json:"met"`
	Missed   int64 `json:"missed"`
	Running  int64 `json:"running"`   // no verdict yet
	NoTarget int64 `json:"no_target"` // nothing to meet
}

// Share is those that met their targets, of those with a verdict.
func (c Count) Share() compliance.Share {
	return compliance.Share{Met: c.Met, Total: c.Met + c.Missed}
}

// Add counts one outcome.
func (c *Count) Add(v compliance.Verdict) {
	switch v {
	case compliance.Met:
		c.Met++
	case compliance.Missed:
		c.Missed++
	case compliance.NoTarget:
		c.NoTarget++
	default:
		c.Running++
	}
}

// Merge adds what another count has counted.
func (c *Count) Merge(o Count) {
	c.Met += o.Met
	c.Missed += o.Missed
	c.Running += o.Running
	c.NoTarget += o.NoTarget
}

// MaxLevel is the lowest level that a tally counts by itself, and so the most that an agreement can have.
const MaxLevel = 99

// A Tally counts outcomes by level. The zero value is ready. The tallies of any parts of a
// whole, merged in any order, equal the tally of the whole.
type Tally struct {
	// Levels is indexed by Level, as far as the lowest level seen. Its first entry counts what
	// has no level, or one outside 1 to 99.
	Levels []Count `json:"levels"`
}

// Add counts an outcome at a level.
func (t *Tally) Add(l Level, v compliance.Verdict) { t.at(l).Add(v) }

// Merge adds what another tally has counted.
func (t *Tally) Merge(o *Tally) {
	for l, c := range o.Levels {
		t.at(Level(l)).Merge(c)
	}
}

// Level is the count of one level.
func (t *Tally) Level(l Level) Count {
	if l < 0 || int(l) >= len(t.Levels) {
		return Count{}
	}
	return t.Levels[l]
}

// Pooled is the count over all levels.
func (t *Tally) Pooled() Count {
	var sum Count
	for _, c := range t.Levels {
		sum.Merge(c)
	}
	return sum
}

func (t *Tally) at(l Level) *Count {
	if l < 0 || l > MaxLevel {
		l = 0
	}
	for int(l) >= len(t.Levels) {
		t.Levels = append(t.Levels, Count{})
	}
	return &t.Levels[l]
}
