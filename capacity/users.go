package capacity

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// MaxUsers is how many users a tally of users holds; the municipalities of §4.7 are 290.
const MaxUsers = 10_000

// Users counts the calls of each user (§5: users and volume), whatever the records call one: a municipality, a handler. Calls come in any order, and the tallies of any
// parts, merged in any order, are that of the whole.
//
// Of more than [MaxUsers] it keeps those whose names sort first, and counts the calls of all others together, whatever order they came in. The zero value is
// ready. It is not safe for several goroutines.
type Users struct {
	calls  map[string]int64 // up to twice as many as are kept
	others int64
}

// Add counts a call of a user. The empty name is the user that no record names. What is not UTF-8 in a name becomes U+FFFD.
func (u *Users) Add(name string) { u.add(strings.ToValidUTF8(name, "\uFFFD"), 1) }

func (u *Users) add(name string, n int64) {
	if _, known := u.calls[name]; !known {
		if u.calls == nil {
			u.calls = map[string]int64{}
		}
		name = strings.Clone(name) // it may be a part of a much longer line
	}
	u.calls[name] += n
	if len(u.calls) > 2*MaxUsers {
		u.prune()
	}
}

// prune leaves those that are kept. One of the first of all is one of the first of any part, so that none that counts is ever left out.
func (u *Users) prune() {
	if len(u.calls) <= MaxUsers {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(u.calls))[MaxUsers:] {
		u.others += u.calls[name]
		delete(u.calls, name)
	}
}

// Merge adds the calls of another tally.
func (u *Users) Merge(o *Users) {
	u.others += o.others
	for name, n := range o.calls {
		u.add(name, n)
	}
}

// A User is one of them.
type User struct {
	Name  string `json:"name"`
	Calls int64  `json:"calls"`
}

// A Usage is who called how often.
type Usage struct {
	Users   []User `json:"users"`            // named ones, by calls, the most first, then by name
	Calls   int64  `json:"calls"`            // of all
	Unnamed int64  `json:"unnamed,omitzero"` // calls without a user
	Others  int64  `json:"others,omitzero"`  // calls of users beyond the first MaxUsers
}

// Result is the usage so far.
func (u *Users) Result() Usage {
	u.prune()
	r := Usage{Unnamed: u.calls[""], Others: u.others, Calls: u.others}
	for name, n := range u.calls {
		r.Calls += n
		if name != "" {
			r.Users = append(r.Users, User{name, n})
		}
	}
	slices.SortFunc(r.Users, func(a, b User) int { return cmp.Or(cmp.Compare(b.Calls, a.Calls), cmp.Compare(a.Name, b.Name)) })
	return r
}

// String is the usage in a line: 10432 calls of 287 users, the most 412 of Malmö; 3 without a user.
func (r Usage) String() string {
	text := fmt.Sprintf("%d calls of %d users", r.Calls, len(r.Users))
	if len(r.Users) > 0 {
		text += fmt.Sprintf(", the most %d of %s", r.Users[0].Calls, r.Users[0].Name)
	}
	if r.Unnamed > 0 {
		text += fmt.Sprintf("; %d without a user", r.Unnamed)
	}
	if r.Others > 0 {
		text += fmt.Sprintf("; %d of users beyond the first %d", r.Others, MaxUsers)
	}
	return text
}
