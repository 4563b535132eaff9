package capacity

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"example.com/sla/servicetime"
)

// What growth takes, and how far it looks.
const (
	// MinMonths is how many months growth needs: no order of four figures is rarer than one in twenty, so that fewer than five have no 95 % range.
	MinMonths  = 5
	MaxMonths  = 600 // from the first month to the last
	MaxFigure  = 1_000_000_000_000
	MaxHorizon = 240 // how many months behind the last one a forecast looks
)

// A Monthly is a figure of a month: its calls, or its peak in a minute.
type Monthly struct {
	Month  servicetime.Month `json:"month"`
	Figure int64             `json:"figure"` // 0 to MaxFigure
}

// ErrGrowth is the cause where figures tell no growth.
var ErrGrowth = errors.New("no growth to tell")

// A Growth is the trend of monthly figures: the Theil–Sen line, whose slope is the median of the slopes between any two months, and which goes through the
// median month and the median figure. A few odd months do not bend it. The zero value foresees nothing.
type Growth struct {
	Months int               `json:"months"` // how many there were
	First  servicetime.Month `json:"first,omitzero"`
	Last   servicetime.Month `json:"last,omitzero"`
	// PerMonth is the slope; Low and High are its 95 % range: the slopes at the ranks that Kendall's S allows, by its normal approximation, ties of
	// figures counted. They are for reading.
	PerMonth float64 `json:"per_month"`
	Low      float64 `json:"low"`
	High     float64 `json:"high"`

	slope, low, high slope
	month2, figure2  int64 // twice the medians, months as their number
}

// A slope is rise/run, with run > 0.
type slope struct{ rise, run int64 }

// Grow finds the trend of monthly figures, in any order; months without a figure may lie between.
//
// It returns an error, all faults at once, each a [*servicetime.Fault] with its path, such as months[3].figure:
//   - wrapping [ErrGrowth] if there are fewer than [MinMonths] of them, or one is given twice, or they span more than [MaxMonths], or a figure is negative or
//     over [MaxFigure],
//   - wrapping [servicetime.ErrRange] if a month lies outside the years 1970 to 2200.
func Grow(months []Monthly) (Growth, error) {
	months = slices.Clone(months)
	var errs []error
	refuse := func(path, code, value string, err error, why string) {
		errs = append(errs, &servicetime.Fault{Path: path, Code: code, Value: value, Err: fmt.Errorf("capacity: %w: %s", err, why)})
	}
	seen := map[servicetime.Month]bool{}
	for i, m := range months {
		path := fmt.Sprintf("months[%d]", i)
		switch {
		case !m.Month.IsValid() || m.Month.Year < 1970 || m.Month.Year > 2200:
			refuse(path+".month", "out_of_range", m.Month.String(), servicetime.ErrRange, "a month of growth")
		case seen[m.Month]:
			refuse(path+".month", "bad_request", m.Month.String(), ErrGrowth, "the month is given twice")
		}
		seen[m.Month] = true
		if m.Figure < 0 || m.Figure > MaxFigure {
			refuse(path+".figure", "bad_request", fmt.Sprint(m.Figure), ErrGrowth, "a figure from 0 to 10¹²")
		}
	}
	slices.SortFunc(months, func(a, b Monthly) int { return cmp.Compare(number(a.Month), number(b.Month)) })
	n := len(months)
	switch {
	case len(errs) > 0:
	case n < MinMonths:
		refuse("months", "bad_request", "", ErrGrowth, fmt.Sprintf("%d months are too few, it takes %d", n, MinMonths))
	case number(months[n-1].Month)-number(months[0].Month) >= MaxMonths:
		refuse("months", "too_large", months[n-1].Month.String(), ErrGrowth, fmt.Sprintf("more than %d months from the first", MaxMonths))
	}
	if len(errs) > 0 {
		return Growth{}, errors.Join(errs...)
	}
	return trend(months), nil
}

// number counts months.
func number(m servicetime.Month) int64 { return int64(m.Year)*12 + int64(m.Month) - 1 }

// trend is the line of months in order.
func trend(months []Monthly) Growth {
	n := len(months)
	slopes := make([]slope, 0, n*(n-1)/2)
	var numbers, figures []int64
	for i, m := range months {
		numbers = append(numbers, number(m.Month))
		figures = append(figures, m.Figure)
		for _, before := range months[:i] {
			slopes = append(slopes, slope{m.Figure - before.Figure, number(m.Month) - number(before.Month)})
		}
	}
	slices.SortFunc(slopes, func(a, b slope) int { return cmp.Compare(a.rise*b.run, b.rise*a.run) })
	slices.Sort(figures)

	// Kendall's S without growth has a variance of (n(n−1)(2n+5) − Σ k(k−1)(2k+5)) ⁄ 18, with k of each figure.
	scatter := func(k int) int { return k * (k - 1) * (2*k + 5) }
	variance := scatter(n)
	for i := 0; i < n; {
		k := 1
		for i+k < n && figures[i+k] == figures[i] {
			k++
		}
		variance -= scatter(k)
		i += k
	}
	const z = 1.959963984540054 // the normal distribution's, for 95 %
	half := z * math.Sqrt(float64(variance)/18)
	pairs := float64(len(slopes))
	high := min(int(math.RoundToEven((pairs+half)/2)), len(slopes)-1)
	low := max(int(math.RoundToEven((pairs-half)/2))-1, 0)

	g := Growth{
		Months: n, First: months[0].Month, Last: months[n-1].Month,
		slope: slopes[len(slopes)/2], low: slopes[low], high: slopes[high],
		month2: numbers[n/2] + numbers[(n-1)/2], figure2: figures[n/2] + figures[(n-1)/2],
	}
	if len(slopes)%2 == 0 {
		a, b := slopes[len(slopes)/2-1], g.slope
		g.slope = slope{a.rise*b.run + b.rise*a.run, 2 * a.run * b.run}
	}
	g.PerMonth, g.Low, g.High = g.slope.float(), g.low.float(), g.high.float()
	return g
}

func (s slope) float() float64 { return float64(s.rise) / float64(s.run) }

// A Forecast is the month in which a trend reaches a figure: the first, from the last one given on, in which its line is at the figure or above. A zero month
// is none within [MaxHorizon].
type Forecast struct {
	Figure int64             `json:"figure"`
	Month  servicetime.Month `json:"month,omitzero"`
	// Earliest and Latest are those of the lines with the highest and the lowest slope of the 95 % range. They know what is uncertain of the slope alone, and nothing of
	// seasons: a range, not a promise.
	Earliest servicetime.Month `json:"earliest,omitzero"`
	Latest   servicetime.Month `json:"latest,omitzero"`
}

// Reaches is when the trend reaches a figure, such as what a limit allows.
//
// It returns an error wrapping [ErrGrowth] if the figure is negative or over [MaxFigure], or the growth does not come from [Grow].
func (g Growth) Reaches(figure int64) (Forecast, error) {
	if figure < 0 || figure > MaxFigure || g.slope.run == 0 {
		return Forecast{}, fmt.Errorf("capacity: %d of %d months: %w: a figure from 0 to 10¹²", figure, g.Months, ErrGrowth)
	}
	return Forecast{figure, g.reaches(g.slope, figure), g.reaches(g.high, figure), g.reaches(g.low, figure)}, nil
}

// reaches is exact: with at most MaxMonths and MaxHorizon, and figures up to MaxFigure, every product fits an int64.
func (g Growth) reaches(s slope, figure int64) servicetime.Month {
	for ahead := range MaxHorizon + 1 {
		months2 := 2*(number(g.Last)+int64(ahead)) - g.month2
		if s.rise*months2 >= (2*figure-g.figure2)*s.run {
			return g.Last.Add(ahead)
		}
	}
	return servicetime.Month{}
}

// String is the trend in a line: +412.5 a month (95 %: 301 to 520) over 24 months, 2024-10 to 2026-09.
func (g Growth) String() string {
	if g.Months == 0 {
		return "no growth"
	}
	return fmt.Sprintf("%+.4g a month (95 %%: %+.4g to %+.4g) over %d months, %s to %s", g.PerMonth, g.Low, g.High, g.Months, g.First, g.Last)
}

// String is the forecast in a line: 200 in 2027-05, between 2027-01 and 2028-02.
func (f Forecast) String() string {
	none := fmt.Sprintf("not within %d years", MaxHorizon/12)
	text := func(m servicetime.Month) string {
		if m.IsValid() {
			return m.String()
		}
		return none
	}
	switch {
	case f.Earliest == f.Latest && f.Month == f.Latest && !f.Month.IsValid():
		return fmt.Sprintf("%d %s", f.Figure, none)
	case !f.Month.IsValid():
		return fmt.Sprintf("%d %s; at the earliest in %s", f.Figure, none, text(f.Earliest))
	case !f.Latest.IsValid():
		return fmt.Sprintf("%d in %s, at the earliest in %s, maybe %s", f.Figure, f.Month, text(f.Earliest), none)
	}
	return fmt.Sprintf("%d in %s, between %s and %s", f.Figure, f.Month, text(f.Earliest), text(f.Latest))
}
