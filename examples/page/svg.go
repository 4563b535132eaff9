package page

import (
	"fmt"
	"html"
	"html/template"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"example.com/sla"
	"example.com/sla/compliance"
	"example.com/sla/performance"
	"example.com/sla/servicetime"
)

// A drawing is SVG in the making. Colours and sizes are classes of page.css, since the page forbids inline styles.
type drawing struct {
	b             strings.Builder
	width, height float64
}

func px(x float64) string { return strconv.FormatFloat(math.Round(x*10)/10, 'f', -1, 64) }

func (d *drawing) rect(class string, x, y, width, height float64) {
	fmt.Fprintf(&d.b, `<rect class="%s" x="%s" y="%s" width="%s" height="%s"/>`, class, px(x), px(y), px(width), px(height))
}

// fill is a rectangle with a pattern.
func (d *drawing) fill(pattern string, x, y, width, height float64) {
	fmt.Fprintf(&d.b, `<rect fill="url(#%s)" x="%s" y="%s" width="%s" height="%s"/>`, pattern, px(x), px(y), px(width), px(height))
}

func (d *drawing) line(class string, x1, y1, x2, y2 float64) {
	fmt.Fprintf(&d.b, `<line class="%s" x1="%s" y1="%s" x2="%s" y2="%s"/>`, class, px(x1), px(y1), px(x2), px(y2))
}

func (d *drawing) circle(class string, x, y, r float64) {
	fmt.Fprintf(&d.b, `<circle class="%s" cx="%s" cy="%s" r="%s"/>`, class, px(x), px(y), px(r))
}

// text stands on y; its anchor is start, middle or end.
func (d *drawing) text(anchor string, x, y float64, s string) {
	fmt.Fprintf(&d.b, `<text x="%s" y="%s" text-anchor="%s">%s</text>`, px(x), px(y), anchor, html.EscapeString(s))
}

// hatch defines the pattern of days without opening hours.
func (d *drawing) hatch(id string) {
	fmt.Fprintf(&d.b, `<defs><pattern id="%s" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">`, id)
	d.line("hatch", 0, 0, 0, 6)
	d.b.WriteString("</pattern></defs>")
}

// picture is the drawing with its text alternatives.
func (d *drawing) picture(id, class, title, desc string) *picture {
	p := &picture{Title: title, Desc: desc}
	p.SVG = template.HTML(fmt.Sprintf( //nolint:gosec // every text in it is escaped, here and in drawing.text
		`<svg class="%s" role="img" aria-labelledby="%s-title %s-desc" viewBox="0 0 %s %s" width="%s" height="%s"><title id="%s-title">%s</title><desc id="%s-desc">%s</desc>%s</svg>`,
		class, id, id, px(d.width), px(d.height), px(d.width), px(d.height), id, html.EscapeString(title), id, html.EscapeString(desc), d.b.String()))
	return p
}

// step is a round number for an axis: at most about n steps to the most.
func step(most, n float64) float64 {
	if most <= 0 {
		return 1
	}
	unit := math.Pow(10, math.Floor(math.Log10(most/n)))
	for _, times := range []float64{1, 2, 5, 10} {
		if unit*times >= most/n {
			return max(1, unit*times)
		}
	}
	return max(1, unit*10)
}

const (
	wide   = 960.0
	margin = 56.0 // left of a picture, for its axis
)

// axis draws the horizontal lines of a picture and their figures, and returns the top of the scale.
func (v *view) axis(d *drawing, top, bottom, most float64) float64 {
	by := step(most, 4)
	end := max(by, math.Ceil(most/by)*by)
	for y := 0.0; y <= end; y += by {
		at := bottom - (bottom-top)*y/end
		d.line("grid", margin, at, d.width-8, at)
		d.text("end", margin-8, at+4, v.number(int64(y)))
	}
	return end
}

// strip is a bar of the minutes down for each day; days without opening hours are hatched.
func (v *view) strip() *picture {
	d := &drawing{width: wide, height: 190}
	d.hatch("closed-day")
	const top, bottom = 18.0, 150.0
	most := 0.0
	for _, day := range v.d.Days {
		most = max(most, day.Down.Minutes(), day.Excused.Minutes())
	}
	end := v.axis(d, top, bottom, most)
	each := (wide - margin - 8) / float64(max(1, len(v.d.Days)))
	var down []string
	for i, day := range v.d.Days {
		x := margin + float64(i)*each
		if day.Open == 0 {
			d.fill("closed-day", x+1, top, each-2, bottom-top)
		}
		if day.Excused > 0 {
			h := (bottom - top) * day.Excused.Minutes() / end
			d.rect("excused", x+each*.5, bottom-h, each*.3, h)
		}
		if day.Down > 0 {
			h := max(2, (bottom-top)*day.Down.Minutes()/end)
			d.rect("bad", x+each*.15, bottom-h, each*.35, h)
			d.text("middle", x+each*.4, bottom-h-4, v.number(int64(math.Ceil(day.Down.Minutes()))))
			down = append(down, v.say("days.day", day.Date.String(), v.duration(day.Down)))
		}
		d.text("middle", x+each/2, bottom+16, strconv.Itoa(day.Date.Day))
	}
	d.line("base", margin, bottom, wide-8, bottom)
	if len(down) == 0 {
		down = []string{v.say("days.no-down")}
	}
	d.text("start", margin, bottom+34, v.say("days.legend"))
	return d.picture("strip", "chart", v.say("days.strip"), v.say("days.strip.desc", strings.Join(down, "; ")))
}

// timeline shows when interruptions and service windows were.
func (v *view) timeline() *picture {
	const top, lane, gap = 34.0, 22.0, 10.0
	d := &drawing{width: wide, height: top + 2*(lane+gap) + 30}
	from, to := v.d.From, v.d.To
	whole := max(1, to.Sub(from).Seconds())
	x := func(t time.Time) float64 {
		return margin + (wide-margin-8)*min(1, max(0, t.Sub(from).Seconds()/whole))
	}
	bottom := top + 2*(lane+gap)
	for i, day := range v.d.Days {
		at := margin + (wide-margin-8)*float64(i)/float64(len(v.d.Days))
		d.line("grid", at, top-6, at, bottom)
		if day.Date.Day%5 == 0 || day.Date.Day == 1 {
			d.text("start", at+2, bottom+16, strconv.Itoa(day.Date.Day))
		}
	}
	d.text("end", margin-8, top+lane-6, v.say("days.lane.down"))
	d.text("end", margin-8, top+lane+gap+lane-6, v.say("days.lane.window"))
	last := math.Inf(-1)
	for i, down := range v.d.Interruptions {
		start, width := x(down.From), max(3, x(down.To)-x(down.From))
		d.rect("bad", start, top, width, lane)
		if start-last > 18 { // numbers that would lie on each other are left to the table
			d.text("middle", start+width/2, top-8, strconv.Itoa(i+1))
			last = start
		}
	}
	for _, w := range v.d.Windows {
		end := w.ActualTo
		if end.IsZero() {
			end = w.PlannedTo
		}
		d.rect("excused", x(w.PlannedFrom), top+lane+gap, max(3, x(end)-x(w.PlannedFrom)), lane)
	}
	d.line("base", margin, bottom, wide-8, bottom)
	desc := v.say("days.timeline.desc", v.number(int64(len(v.d.Interruptions))), v.number(int64(len(v.d.Windows))))
	return d.picture("timeline", "chart", v.say("days.timeline"), desc)
}

// A histogram is calls by response time in equal steps, and how many took longer than the last.
type histogram struct {
	by     time.Duration
	counts []int64
	longer int64
}

// histogramOf has steps up to beyond the largest limit for one person.
func histogramOf(p *sla.MonthlyPerformance) histogram {
	var largest time.Duration
	for _, l := range p.Limits {
		largest = max(largest, time.Duration(l.Within))
	}
	if largest <= 0 {
		largest = max(time.Second, p.Percentiles.P99)
	}
	h := histogram{by: max(time.Millisecond, largest/24)}
	for _, round := range []time.Duration{
		time.Millisecond, 5 * time.Millisecond, 10 * time.Millisecond, 25 * time.Millisecond, 50 * time.Millisecond, 100 * time.Millisecond, 250 * time.Millisecond,
		500 * time.Millisecond, time.Second, 2 * time.Second, 5 * time.Second, 10 * time.Second, time.Minute, 10 * time.Minute, time.Hour, 24 * time.Hour,
	} {
		if h.by <= round {
			h.by = round
			break
		}
	}
	// A quarter more than the limit, so that it does not stand at the edge.
	h.counts = make([]int64, max(1, int((largest+largest/4+h.by-1)/h.by)))
	for _, bin := range p.Times {
		i := max(0, int((bin.Most-1)/h.by))
		if i >= len(h.counts) {
			h.longer += bin.Calls
			continue
		}
		h.counts[i] += bin.Calls
	}
	return h
}

func (h *histogram) end() time.Duration { return h.by * time.Duration(len(h.counts)) }

// distribution draws response times with the limits for one person.
func (v *view) distribution(p *sla.MonthlyPerformance, h *histogram) *picture {
	d := &drawing{width: wide, height: 270}
	const top, bottom = 40.0, 220.0
	most := max(slices.Max(h.counts), h.longer)
	end := v.axis(d, top, bottom, float64(most))
	const beyond = 88.0 // for what is longer
	right := wide - 8 - beyond
	each := (right - margin) / float64(len(h.counts))
	for i, n := range h.counts {
		height := (bottom - top) * float64(n) / end
		d.rect("bar", margin+float64(i)*each+.5, bottom-height, each-1, height)
	}
	height := (bottom - top) * float64(h.longer) / end
	d.rect("bad", right+32, bottom-height, beyond-40, height)
	d.text("middle", right+32+(beyond-40)/2, bottom+16, v.say("responses.beyond"))
	d.text("middle", right+32+(beyond-40)/2, bottom-height-4, v.number(h.longer))
	every := max(1, (len(h.counts)+9)/10)
	for i := 0; i <= len(h.counts); i += every {
		d.text("middle", margin+float64(i)*each, bottom+16, v.duration(h.by*time.Duration(i)))
	}
	limits := slices.Clone(p.Limits)
	slices.SortStableFunc(limits, func(a, b performance.Limit) int { return int(a.Within - b.Within) })
	var names []string
	for i, l := range limits {
		x := margin + (right-margin)*float64(time.Duration(l.Within))/float64(h.end())
		y := 14 + 14*float64(i%2)
		d.line("limit", x, y+4, x, bottom)
		name := v.duration(time.Duration(l.Within))
		names = append(names, name)
		d.text("middle", x, y, v.say("responses.limit", name))
	}
	d.line("base", margin, bottom, wide-8, bottom)
	d.text("middle", (margin+right)/2, bottom+38, v.say("c.time"))
	desc := v.say("responses.desc", v.duration(h.end()), v.duration(h.by), strings.Join(names, ", "), v.number(h.longer))
	return d.picture("distribution", "chart", v.say("responses.picture"), desc)
}

// dayOfHours draws the calls by the hour of the day.
func (v *view) dayOfHours(hours *[24]performance.Count) *picture {
	d := &drawing{width: wide, height: 220}
	const top, bottom = 20.0, 180.0
	busiest := 0
	for i := range hours {
		if hours[i].Total() > hours[busiest].Total() {
			busiest = i
		}
	}
	end := v.axis(d, top, bottom, float64(hours[busiest].Total()))
	each := (wide - margin - 8) / 24
	for i := range hours {
		height := (bottom - top) * float64(hours[i].Total()) / end
		d.rect("bar", margin+float64(i)*each+2, bottom-height, each-4, height)
		d.text("middle", margin+(float64(i)+.5)*each, bottom+16, fmt.Sprintf("%02d", i))
	}
	d.line("base", margin, bottom, wide-8, bottom)
	d.text("middle", wide/2, bottom+34, v.say("c.hour"))
	return d.picture("hours", "chart", v.say("load.picture"), v.say("load.desc", v.number(hours[busiest].Total()), fmt.Sprintf("%02d:00", busiest)))
}

// spark is a target in twelve months: a full circle is met, a cross missed, a ring no data, a line not agreed, and a dot a month without a report.
func (v *view) spark(n int, t *sla.MonthlyTarget) *picture {
	const each, y, r = 13.0, 8.0, 4.0
	d := &drawing{width: 12*each + 2, height: 16}
	points := map[servicetime.Month]sla.MonthlyPoint{}
	for _, p := range t.Trend {
		points[p.Month] = p
	}
	var said []string
	for i := range 12 {
		month, x := v.d.Month.Add(i-11), float64(i)*each+each/2+1
		p, there := points[month]
		if !there {
			d.circle("mark-none", x, y, 1)
			continue
		}
		verdict := v.word(p.Verdict)
		switch p.Verdict {
		case compliance.Met:
			d.circle("mark-met", x, y, r)
		case compliance.Missed:
			d.line("mark-missed", x-r, y-r, x+r, y+r)
			d.line("mark-missed", x-r, y+r, x+r, y-r)
		case compliance.NoData:
			d.circle("mark-nodata", x, y, r-.5)
		default:
			d.line("mark-nodata", x-r, y, x+r, y)
		}
		if isShare(t) && p.Total > 0 {
			verdict += " " + v.percent(compliance.Share{Met: p.Met, Total: p.Total}, t.Goal)
		}
		said = append(said, month.String()+" "+verdict)
	}
	if len(said) == 0 {
		said = []string{v.say("no-record")}
	}
	title := strings.Join(said, ", ")
	p := d.picture("spark-"+strconv.Itoa(n+1), "spark", v.say("spark", v.targetName(t)), title)
	p.Title = title
	return p
}
