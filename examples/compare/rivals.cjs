// What the JavaScript libraries of COMPARE.md answer: node rivals.cjs ask LIBRARY QUESTION, or node rivals.cjs measure.
// Both take their zone from the process and keep their hours in global settings.
'use strict';
const dayjs = require('dayjs');
dayjs.extend(require('dayjs-business-time'));
const moment = require('moment');
require('moment-business-time');

const names = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

// A week is seven lists of windows, from Sunday.
const never = Array(7).fill(null);
const weekdays = (...windows) => [null, windows, windows, windows, windows, windows, null];
const everyDay = (...windows) => Array(7).fill(windows);

const libraries = {
  'dayjs-business-time': {
    at: dayjs,
    hours(week) {
      dayjs.setBusinessTime(Object.fromEntries(names.map((name, i) =>
        [name, week[i] && week[i].map(([start, end]) => ({start, end}))])));
    },
    open: (t) => t.isBusinessTime(),
    minutes: (from, to) => from.businessMinutesDiff(to),
    add: (t, minutes) => t.addBusinessMinutes(minutes),
  },
  'moment-business-time': {
    at: moment,
    hours(week) {
      moment.updateLocale('en', {workinghours: week.map((windows) => windows && windows.flat()), holidays: []});
    },
    open: (t) => t.isWorkingTime(),
    minutes: (from, to) => to.workingDiff(from, 'minutes', true),
    add: (t, minutes) => t.clone().addWorkingTime(minutes, 'minutes'),
  },
};

const span = (minutes) => {
  const sign = minutes < 0 ? '−' : '', n = Math.abs(minutes), h = Math.floor(n / 60), m = n % 60;
  return sign + [h && h + ' h', m && m + ' min'].filter(Boolean).join(' ') || '0 s';
};
const yes = (is) => (is ? 'yes' : 'no');
const office = weekdays(['08:00:00', '17:00:00']);

const questions = {
  closing(lib) {
    lib.hours(office);
    return yes(lib.open(lib.at('2026-10-05T17:00:00')));
  },
  quarter(lib) {
    lib.hours(weekdays(['12:15:00', '12:45:00']));
    return yes(lib.open(lib.at('2026-10-05T12:50:00')));
  },
  spring(lib) {
    lib.hours(everyDay(['00:00:00', '24:00:00']));
    return span(lib.minutes(lib.at('2026-03-29T00:00:00'), lib.at('2026-03-30T00:00:00')));
  },
  autumn(lib) {
    lib.hours(everyDay(['00:00:00', '24:00:00']));
    return span(lib.minutes(lib.at('2026-10-25T00:00:00'), lib.at('2026-10-26T00:00:00')));
  },
  night(lib) {
    lib.hours(everyDay(['22:00:00', '06:00:00']));
    return span(lib.minutes(lib.at('2026-10-05T22:00:00'), lib.at('2026-10-06T06:00:00')));
  },
  never(lib) {
    lib.hours(never);
    return lib.add(lib.at('2026-10-05T10:00:00'), 60).format();
  },
  seconds(lib) {
    lib.hours(office);
    return span(lib.minutes(lib.at('2026-10-05T16:00:30'), lib.at('2026-10-06T08:00:30')));
  },
  backwards(lib) {
    lib.hours(office);
    return span(lib.minutes(lib.at('2026-10-06T09:00:00'), lib.at('2026-10-05T16:00:00')));
  },
};

// measure prints nanoseconds a call, for each library, operation and span.
function measure() {
  const time = (call) => {
    call();
    let n = 0;
    const start = process.hrtime.bigint();
    let spent;
    do {
      call();
      n++;
      spent = process.hrtime.bigint() - start;
    } while (spent < 300_000_000n);
    return Number(spent) / n;
  };
  const from = '2020-01-08T10:00:00';
  const out = {};
  for (const [name, lib] of Object.entries(libraries)) {
    lib.hours(office);
    out[name] = {};
    for (const {span, to, minutes} of JSON.parse(process.argv[3])) {
      const a = lib.at(from), b = lib.at(to);
      out[name][span] = {
        elapsed: time(() => lib.minutes(a.clone(), b.clone())),
        add: time(() => lib.add(a.clone(), minutes)),
      };
    }
  }
  console.log(JSON.stringify(out));
}

if (process.argv[2] === 'measure') {
  measure();
} else {
  console.log(questions[process.argv[4]](libraries[process.argv[3]]));
}
