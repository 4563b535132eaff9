package calls

import (
	"fmt"
	"strings"
	"time"

	"example.com/sla/servicetime"
)

var (
	errForm   = fmt.Errorf(`%w: write "2026-10-05T08:00:00+02:00" or Unix milliseconds`, ErrInstant)
	errYears  = fmt.Errorf("%w: %w", ErrInstant, servicetime.ErrRange)
	errLocal  = fmt.Errorf(`%w: write "2026-10-05T08:00:00+02:00"`, ErrOffset)
	errDigits = fmt.Errorf("%w: are these seconds?", ErrSeconds)
)

// endSeconds is when the years that calendars know are over: 2201-01-01.
const endSeconds = 7_289_654_400

// instants reads instants. It remembers the last date: in a log the next one is most often the same.
type instants struct {
	date [10]byte
	day  int64 // its first second, as if in UTC
}

// scan reads an instant as far as it goes, as Unix seconds and nanoseconds. Its end is 0 if there is none.
func (d *instants) scan(buf []byte, at int) (sec, nano int64, end int) {
	if high, end := digits(buf, at); end-at == 8 {
		low, end := digits(buf, end)
		var ms int64
		switch n := end - at; {
		case n == 13: // as all since 2001
			ms = int64(high)*1e5 + int64(low)
			end = at + 13 // known before the digits are read
		case n < 12 || n > 15:
			return 0, 0, 0
		default:
			ms = int64(high)*powersOf10[n-8] + int64(low)
		}
		sec = ms / 1000
		if sec >= endSeconds {
			return 0, 0, 0
		}
		return sec, (ms - sec*1000) * 1e6, end
	}
	if len(buf)-at < len("2026-10-05T08:00:00+02:00") { // of the room behind the last row
		return 0, 0, 0
	}
	if string(buf[at:at+10]) != string(d.date[:]) && !d.learn(buf[at:at+10]) {
		return 0, 0, 0
	}
	if c := buf[at+10]; c != 'T' && c != 't' && c != ' ' {
		return 0, 0, 0
	}
	hour, minute, second := two(buf[at+11:]), two(buf[at+14:]), two(buf[at+17:])
	if hour > 23 || minute > 59 || second > 59 || buf[at+13] != ':' || buf[at+16] != ':' {
		return 0, 0, 0
	}
	sec = d.day + hour*3600 + minute*60 + second
	end = at + 19
	if buf[end] == '.' {
		from := end + 1
		for end = from; buf[end]-'0' <= 9; end++ {
			if end-from < 9 {
				nano = nano*10 + int64(buf[end]-'0')
			}
		}
		if end == from {
			return 0, 0, 0
		}
		nano *= powersOf10[9-min(end-from, 9)]
	}
	switch sign := buf[end]; {
	case sign == 'Z', sign == 'z':
		end++
	case (sign == '+' || sign == '-') && buf[end+3] == ':':
		hours, minutes := two(buf[end+1:]), two(buf[end+4:])
		if hours > 23 || minutes > 59 {
			return 0, 0, 0
		}
		offset := hours*3600 + minutes*60
		if sign == '-' {
			offset = -offset
		}
		sec -= offset
		end += 6
	default:
		return 0, 0, 0
	}
	if sec < 0 || sec >= endSeconds {
		return 0, 0, 0
	}
	return sec, nano, end
}

// learn reads a date.
func (d *instants) learn(text []byte) bool {
	t, err := time.Parse(time.DateOnly, string(text))
	if err != nil {
		return false
	}
	copy(d.date[:], text)
	d.day = t.Unix()
	return true
}

// parse reads a whole text, and says what is wrong with it.
func (d *instants) parse(text []byte) (time.Time, error) {
	if len(text) == 0 {
		return time.Time{}, ErrMissing
	}
	var line [100]byte // as in a block: LF, and room behind it
	n := copy(line[:60], text)
	line[n] = '\n'
	switch sec, nano, end := d.scan(line[:], 0); {
	case n < len(text):
		return time.Time{}, errForm
	case end == n:
		return time.Unix(sec, nano).UTC(), nil
	}
	unsigned := strings.TrimPrefix(string(text), "-")
	if unsigned != "" && strings.Trim(unsigned, "0123456789") == "" {
		if len(unsigned) < 12 && len(unsigned) == len(text) {
			return time.Time{}, errDigits
		}
		return time.Time{}, errYears
	}
	iso := strings.Replace(strings.ToUpper(string(text)), " ", "T", 1)
	for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02T15:04", time.RFC3339} {
		switch t, err := time.Parse(layout, iso); {
		case err == nil && layout != time.RFC3339:
			return time.Time{}, errLocal
		case err == nil && (t.Unix() < 0 || t.Unix() >= endSeconds):
			return time.Time{}, errYears
		case err != nil && strings.Contains(err.Error(), "out of range"):
			return time.Time{}, ErrNoTime
		}
	}
	return time.Time{}, errForm
}

var powersOf10 = [...]int64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9}

// two reads two digits. It is above 99 if they are none.
func two(b []byte) int64 {
	high, low := b[0]-'0', b[1]-'0'
	if high > 9 || low > 9 {
		return 100
	}
	return int64(high)*10 + int64(low)
}
