// A ticket's due times, and why: node example.js, with the program's path in DESK.
import { Desk } from 'sla-desk';

const desk = new Desk({ command: process.env.DESK ?? './desk' });

const ticket = {
  number: 'INC0042', kind: 'incident', priority: 2,
  received: '2026-12-22T15:30:00+01:00',
  started: '2026-12-22T15:50:00+01:00',
  pauses: [['2026-12-23T09:00:00+01:00', '2026-12-23T10:00:00+01:00', 'waiting for the customer']],
};
const options = { pauses: 'on' };

try {
  const now = await desk.ticket({ ticket, as_of: '2026-12-23T12:00:00+01:00', options });
  console.log(`${ticket.number}, priority ${now.priority}, as of Wed 2026-12-23 12:00`);
  for (const name of ['response', 'resolution']) {
    const { due, target, ...clock } = now[name];
    console.log(`${name.padEnd(10)}  ${(target ?? '').padEnd(15)}  due ${due ? day(due) + ' ' + time(due) : 'never'}  ${words(clock)}`);
  }

  // The way to the due: the same ticket, as of then.
  const { due } = now.resolution; // null without a target
  const { segments } = await desk.ticket({ ticket, as_of: due, options, segments: true });
  console.log(`\nWhy ${day(due)} ${time(due)}:`);
  for (const { from, to, counted, kind, name = '' } of segments) {
    const seconds = (Date.parse(to) - Date.parse(from)) / 1000;
    console.log(`${day(from)} ${time(from)}–${until(from, to)}  ${kind.padEnd(7)}  ${(counted ? '+ ' : '  ') + length(seconds).padEnd(10)}  ${name}`.trimEnd());
  }
} finally {
  await desk.close();
}

// The state of a clock, in words.
function words({ state, elapsed_seconds, remaining_seconds, over_by_seconds }) {
  switch (state) {
    case 'running': return `running, ${length(remaining_seconds)} of open time left`;
    case 'paused': return `paused, ${length(remaining_seconds)} of open time left`;
    case 'met': return `met after ${length(elapsed_seconds)}`;
    case 'breached': return `breached by ${length(over_by_seconds)}`;
    default: return 'no target';
  }
}

// An answer's instants are in the calendar's zone: their date and time are local as they stand.
function day(instant) {
  const date = instant.slice(0, 10);
  return `${['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][new Date(date).getUTCDay()]} ${date}`;
}

function time(instant) {
  return instant.slice(11, 16);
}

function until(from, to) {
  return time(to) === '00:00' && day(to) !== day(from) ? '24:00' : time(to);
}

function length(seconds) {
  const h = Math.floor(seconds / 3600), min = Math.floor(seconds % 3600 / 60);
  return [h && `${h} h`, min && `${min} min`].filter(Boolean).join(' ') || `${seconds} s`;
}
