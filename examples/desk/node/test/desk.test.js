import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Desk, DeskDied, DeskError } from 'sla-desk';
import { program } from '../testing.js';

// real is a desk of the program, fake one of a script that stands for it; both are closed with the test.
const real = (t, options) => opened(t, { command: program, ...options });
const fake = (t, script, options) => opened(t, { command: process.execPath, args: ['--eval', script], closeTimeout: 2000, ...options });
function opened(t, options) {
  const desk = new Desk(options);
  t.after(() => desk.close());
  return desk;
}

// Scripts: lines(f) calls f with each request.
const lines = `
  const lines = (f) => { let rest = ''; process.stdin.setEncoding('utf8').on('data', (c) => {
    const parts = (rest + c).split('\\n'); rest = parts.pop(); parts.map((l) => JSON.parse(l)).forEach(f); }); };
  const say = (o) => console.log(JSON.stringify(o));`;
const echo = `${lines} lines((q) => say({ id: q.id, ok: true, n: q.n }));`;

const at = '2026-12-23T12:00:00+01:00';
const ticket = (more) => ({ ticket: { kind: 'incident', impact: 2, received: '2026-12-22T15:30:00+01:00', ...more }, as_of: at });
const refused = (code, more = {}) => (error) => {
  assert.ok(error instanceof DeskError, error.stack);
  assert.deepEqual({ code: error.code, ...Object.fromEntries(Object.keys(more).map((k) => [k, error[k]])) }, { code, ...more });
  return true;
};
const died = (more = {}) => (error) => {
  assert.ok(error instanceof DeskDied, error.stack);
  for (const [key, value] of Object.entries(more)) {
    if (value instanceof RegExp) assert.match(error[key], value);
    else assert.equal(error[key], value, key);
  }
  return true;
};

test('every operation has its method', async (t) => {
  const desk = real(t), calendar = 'support', from = '2026-12-23T00:00:00+01:00', to = '2026-12-28T00:00:00+01:00', received = from;
  for (const [answer, field, want] of [
    [desk.open({ calendar, at }), 'open', true],
    [desk.elapsed({ calendar, from, to }), 'seconds', 64800],
    [desk.add({ calendar, from, seconds: 0.5 }), 'earliest', '2026-12-23T08:00:00.5+01:00'],
    [desk.hours({ calendar, from, to }), 'days', 2],
    [desk.explain({ calendar, from, to: at }), 'segments', 2],
    [desk.days({ calendar, date: '2026-12-24', n: 1 }), 'date', '2026-12-28'],
    [desk.deadline({ calendar, received, target: '1 h' }), 'due', '2026-12-23T09:00:00+01:00'],
    [desk.priority({ impact: 1, at }), 'priority', 'critical'],
    [desk.impact({ total: 8, down: 1 }), 'impact', 2],
    [desk.ticket(ticket()), 'priority', 'high'],
    [desk.compliance({ met: 9, total: 10, target: '90%' }), 'meets', true],
    [desk.availability({ calendar, from, to, outages: [[from, at]] }), 'down_seconds', 14400],
    [desk.composition({ calendar, from, to, providers: ['a', 'b'], quorum: 1, down: { a: [[from, null]] } }), 'disturbed_seconds', 64800],
    [desk.performance({ calls: [[1, 300], [2, null]] }), 'unanswered', 1],
    [desk.capacity({ calls: [[0, 5], [1, 5]] }), 'concurrent', { peak: 2, at: '1970-01-01T00:00:00.001Z' }],
    [desk.credit({ achieved: { met: 999, total: 1000 }, ladder: [{ below: '99.99%', credit: '10%' }] }), 'credit', '10%'],
    [desk.continuity({ objectives: { rto: '4 h' }, disruptions: [], as_of: at }), 'rto', { met: null, worst_seconds: null, breaches: [] }],
    [desk.restartOrder({ services: [{ name: 'a', priority: 1, restart: '20 min' }] }), 'total', 1200],
    [desk.review(), 'findings', undefined],
    [desk.procedure({ kind: 'report_due', month: '2026-10' }), 'due', '2026-11-10'],
    [desk.report({ month: '2026-10', records: { outages: [{ from, to: at }] } }), 'missing', ['backups', 'calls', 'changes', 'disruptions', 'tests', 'tickets']],
  ]) {
    const { [field]: got, ok } = await answer;
    assert.equal(ok, true);
    if (Array.isArray(got)) assert.ok(got.length > 0, field);
    else assert.deepEqual(got, want, field);
  }
  await assert.rejects(desk.report({ month: 'no month', records: {} }), DeskError);
});

test('10,000 requests in flight', async (t) => {
  const desk = real(t), count = 10_000, order = [];
  await desk.start();
  const began = process.hrtime.bigint();
  const answers = await Promise.all(Array.from({ length: count }, async (_, i) => {
    const answer = await desk.add({ calendar: 'support', from: '2026-01-01T00:00:00+01:00', seconds: i });
    order.push(i);
    return answer.earliest;
  }));
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  t.diagnostic(`${Math.round(count / seconds)} requests a second`);
  assert.deepEqual(order, Array.from({ length: count }, (_, i) => i));
  for (const i of [1, 3600, 9999]) {
    assert.equal(Date.parse(answers[i]), Date.parse('2026-01-02T08:00:00+01:00') + i * 1000);
  }
});

test('ids are restored', async (t) => {
  const desk = real(t), own = { number: [1] };
  for (const id of [7, 'x', '\ud800', null, own, true]) {
    assert.equal((await desk.ask({ op: 'open', id, calendar: 'support', at })).id, id);
    await assert.rejects(desk.ask({ op: 'nope', id }), refused('unknown_op', { id, field: 'op' }));
  }
  assert.ok(!('id' in await desk.open({ calendar: 'support', at })));
  await assert.rejects(desk.ask({ op: 'nope' }), (error) => !('id' in error));
  const request = Object.freeze({ op: 'open', calendar: 'support', at: new Date(at) });
  assert.equal((await desk.ask(request)).open, true); // it is not written to, and a Date is an instant
});

test('errors', async (t) => {
  const desk = real(t);
  const asked = [
    desk.open({ calendar: 'support', at, bogus: 1 }), desk.open({ calendar: 'nope', at }), desk.open({ calendar: 'support' }), desk.ask({}), desk.ask([]),
    desk.ticket(ticket({ received: '2026-12-22 15:30' })), desk.ticket(ticket({ kind: 'nope' })), desk.open({ calendar: 'support', at: '2999-01-01T00:00:00Z' }),
    desk.add({ calendar: { time_zone: 'Europe/Stockholm', week: {}, extra: [{ from: at, to: '2026-12-23T13:00:00+01:00' }] }, from: at, seconds: 7200 }),
  ];
  const results = await Promise.allSettled(asked);
  assert.deepEqual(results.map(({ reason: e }) => [e?.constructor.name, e?.code, e?.field]), [
    ['DeskError', 'unknown_field', 'bogus'], ['DeskError', 'not_found', 'calendar'], ['DeskError', 'bad_request', 'at'], ['DeskError', 'bad_request', 'op'],
    ['DeskError', 'bad_request', 'op'], ['DeskError', 'bad_request', 'ticket.received'], ['DeskError', 'not_agreed', 'ticket.kind'], ['DeskError', 'out_of_range', 'at'],
    ['DeskError', 'no_open_time', undefined],
  ]);
  assert.ok(results.every(({ reason: e }) => e.message.length > 0));
  for (const none of [null, undefined, 'open', 1]) await assert.rejects(desk.ask(none), TypeError);
  await assert.rejects(desk.ask({ op: 'open', at: 1n }), TypeError);
  const round = {};
  round.round = round;
  await assert.rejects(desk.ask(round), TypeError);
  for (const options of [undefined, {}, { command: '' }, { command: 1 }]) assert.throws(() => new Desk(options), TypeError);
  assert.equal((await desk.open({ calendar: 'support', at })).open, true);
});

test('hostile text comes back as it went', async (t) => {
  const desk = real(t);
  const texts = ['"', '\\', '\n', '\r\n', '\t', '\0', '\u2028\u2029', '\ufeff', '<&>', '😀', '👩‍👩‍👧', 'å', 'a\u030a', 'é'.repeat(70_000), '\u{10ffff}', '\uffff', '{"id":1}', '__proto__', 'constructor', '\\ud800'];
  const answers = await Promise.all(texts.map((name) => desk.restartOrder({ services: [{ name, priority: 1, restart: 1 }] })));
  assert.deepEqual(answers.map(({ order }) => order[0]), texts);
  for (const half of ['\ud800', '\udc00', 'a\ud83d', '\ude00\ud83d']) {
    const asked = [desk.restartOrder({ services: [{ name: half, priority: 1, restart: 1 }] }), desk.open({ calendar: 'support', at })];
    await assert.rejects(asked[0], refused('bad_json'));
    assert.equal((await asked[1]).open, true);
  }
});

test('lines of more than 1 MiB are not sent', async (t) => {
  const desk = real(t);
  const name = (length) => desk.restartOrder({ services: [{ name: 'x'.repeat(length), priority: 1, restart: 1 }] });
  const around = Buffer.byteLength(JSON.stringify({ id: 1, services: [{ name: '', priority: 1, restart: 1 }], op: 'restart_order' }));
  const longest = (1 << 20) - around;
  assert.equal((await name(longest)).order[0].length, longest);
  await assert.rejects(name(longest + 1), refused('too_large'));
  await assert.rejects(desk.ask({ op: 'open', id: 'mine', calendar: 'é'.repeat(1 << 19) }), refused('too_large', { id: 'mine' }));
  assert.equal((await desk.open({ calendar: 'support', at })).open, true);
});

// A program that reads nothing for a while: what waits is bounded, and nothing is lost.
test('backpressure', async (t) => {
  const desk = fake(t, `setTimeout(() => { ${echo} }, 200)`, { maxQueueBytes: 2 << 20 });
  const text = 'x'.repeat(10_000);
  const asked = Array.from({ length: 400 }, (_, n) => desk.ask({ n, text }));
  const results = await Promise.allSettled(asked);
  const answered = results.filter(({ value }) => value), full = results.filter(({ reason }) => reason);
  assert.ok(answered.length >= (2 << 20) / 10_100, `${answered.length} answered`);
  assert.ok(full.length > 0);
  for (const { reason } of full) refused('queue_full')(reason);
  results.forEach(({ value }, n) => value && assert.equal(value.n, n));
  assert.equal((await desk.ask({ n: 'later' })).n, 'later'); // there is room again
});

test('a signal', async (t) => {
  const desk = fake(t, `let held; ${lines} lines((q) => { // the first answer comes with the second
    if (q.n === 1) held = q.id;
    else { if (held) say({ id: held, ok: true, n: 1 }); held = 0; say({ id: q.id, ok: true, n: q.n }); } })`);
  await assert.rejects(desk.ask({ n: 1 }, { signal: AbortSignal.timeout(20) }), { name: 'TimeoutError' });
  const gone = new AbortController();
  const queued = desk.ask({ n: 2 }, { signal: gone.signal }); // not written yet
  gone.abort();
  await assert.rejects(queued, { name: 'AbortError' });
  await assert.rejects(desk.ask({ n: 3 }, { signal: gone.signal }), { name: 'AbortError' });
  assert.equal((await desk.ask({ n: 4 }, { signal: new AbortController().signal })).n, 4); // the answer to the first is dropped
});

test('UTF-8 in pieces', async (t) => {
  const desk = fake(t, `${lines} lines((q) => { for (const b of Buffer.from(JSON.stringify({ id: q.id, ok: true, text: 'å😀\\u2028' }) + '\\n')) require('fs').writeSync(1, Buffer.of(b)); })`);
  for (let i = 0; i < 3; i++) assert.equal((await desk.ask({})).text, 'å😀\u2028');
});

test('killed in flight', { skip: process.platform === 'win32' }, async (t) => {
  const desk = fake(t, `process.stderr.write('x'.repeat(9000) + '\\nlast words\\n'); ${lines} let n = 0;
    lines((q) => { if (++n < 100) say({ id: q.id, ok: true }); else if (n === 500) setTimeout(() => process.kill(process.pid, 'SIGKILL'), 50) })`);
  const results = await Promise.allSettled(Array.from({ length: 1000 }, (_, n) => desk.ask({ n })));
  assert.equal(results.filter(({ value }) => value).length, 99);
  const [first] = results.slice(99);
  died({ signal: 'SIGKILL', exitCode: null, message: 'the desk died: signal SIGKILL: last words' })(first.reason);
  assert.equal(first.reason.stderr.length, 4096);
  assert.ok(results.slice(99).every(({ reason }) => reason === first.reason));
  await assert.rejects(desk.ask({}), first.reason); // it stays dead
  await desk.start();
  assert.equal((await desk.ask({})).ok, true); // until it is started
});

// The same with the program itself: a process that Node does not know has its id.
test('the program killed in flight, and started again', { skip: process.platform !== 'linux' }, async (t) => {
  const { readdirSync, readFileSync } = await import('node:fs');
  const desk = real(t), marker = `SLA_DESK_TEST=${process.pid}`;
  const marked = new Desk({ command: program, env: { ...process.env, SLA_DESK_TEST: String(process.pid) } });
  t.after(() => marked.close());
  assert.equal((await marked.open({ calendar: 'support', at })).open, true);
  const pid = readdirSync('/proc').find((id) => {
    try { return /^\d+$/.test(id) && readFileSync(`/proc/${id}/environ`, 'utf8').split('\0').includes(marker); } catch { return false; }
  });
  const asked = Array.from({ length: 20_000 }, () => marked.explain({ calendar: 'support', from: '2026-01-01T00:00:00Z', to: '2026-06-01T00:00:00Z' }));
  await asked[0];
  process.kill(Number(pid), 'SIGKILL');
  const results = await Promise.allSettled(asked);
  const dead = results.findIndex(({ reason }) => reason);
  assert.ok(dead > 0 && results.slice(dead).every(({ reason }) => reason instanceof DeskDied && reason.signal === 'SIGKILL'), `dead from ${dead}`);
  await marked.start();
  assert.equal((await marked.open({ calendar: 'support', at })).open, true);
  assert.equal((await desk.open({ calendar: 'support', at })).open, true); // another one is not touched
});

test('no such program', async (t) => {
  for (const [command, code] of [['/no/such/desk', 'ENOENT'], ['no-such-desk-anywhere', 'ENOENT'], ...process.platform === 'win32' ? [] : [['/', 'EACCES']]]) {
    const desk = opened(t, { command });
    const asked = [desk.open({ calendar: 'support', at }), desk.start(), desk.ask({})];
    for (const { reason } of await Promise.allSettled(asked)) {
      died({ exitCode: null, message: /^the desk cannot be started: spawn/ })(reason);
      assert.equal(reason.cause.code, code);
    }
    await assert.rejects(desk.ask({}), died());
    await assert.rejects(desk.start(), died()); // tried again
  }
  const zero = opened(t, { command: 'a\0b' });
  await assert.rejects(zero.ask({}), died());
  await assert.rejects(zero.start(), died());
});

test('a wrong agreement', async (t) => {
  const desk = real(t, { args: ['-agreement', 'missing.json'] });
  await assert.rejects(desk.open({ calendar: 'support', at }), died({ exitCode: 1, signal: null, stderr: /missing\.json/, message: /exit code 1: desk: .*missing\.json/ }));
});

test('what is no answer', async (t) => {
  for (const [print, message] of [
    [`console.log('Hello!')`, /no answer: "Hello!", and was killed/], [`console.log('')`, /no answer: ""/], [`say(null)`, /no answer: "null"/], [`say([])`, /no answer/], [`say({ id: q.id })`, /no answer/],
    [`say({ id: q.id, ok: 1 })`, /no answer/], [`say({ id: q.id + 1, ok: true })`, /no answer/], [`say({ id: null, ok: true })`, /no answer/], [`say({ id: q.id, ok: false })`, /no answer/],
    [`say({ id: q.id, ok: false, error: {} })`, /no answer/], [`for (let i = 0; i < 70; i++) process.stdout.write('x'.repeat(1 << 20))`, /a line without end/],
  ]) {
    const desk = fake(t, `${lines} lines((q) => { if (q.n === 'first') say({ id: q.id, ok: true }); else ${print} })`);
    const asked = [desk.ask({ n: 'first' }), desk.ask({}), desk.ask({})];
    assert.equal((await asked[0]).ok, true);
    for (const one of [...asked.slice(1), desk.ask({})]) await assert.rejects(one, died({ message }));
  }
  const early = fake(t, `console.log('Ready.'); setInterval(() => {}, 1000)`);
  await early.start();
  await assert.rejects(early.ask({}), died({ message: /no answer: "Ready\."/ }));
  const twice = fake(t, `${lines} lines((q) => { say({ id: q.id, ok: true }); say({ id: q.id, ok: true }) })`);
  assert.equal((await twice.ask({})).ok, true);
  await assert.rejects(twice.ask({}), died({ message: /no answer/ }));
});

test('it ends, or closes its pipes', async (t) => {
  for (const [script, want] of [
    [`process.exit(0)`, { exitCode: 0 }], [`process.stderr.write('why\\n'); process.exitCode = 3`, { exitCode: 3, message: 'the desk died: exit code 3: why' }],
    [`require('fs').closeSync(1); setInterval(() => {}, 1000)`, { signal: 'SIGKILL', message: /it closed its output/ }],
    [`${lines} lines((q) => { process.stdout.write('{"id":'); setTimeout(() => process.exit(4), 50) })`, { exitCode: 4 }], // half an answer
    [`require('fs').closeSync(0); setInterval(() => {}, 1000)`, { signal: 'SIGKILL', message: /it closed its input/ }],
  ]) {
    const desk = fake(t, script), text = 'x'.repeat(500_000);
    for (const { reason } of await Promise.allSettled([desk.ask({ text }), desk.ask({ text })])) died(want)(reason);
  }
});

// Its answers are read to the end, and its exit told, though a process of its own holds the output open.
test('a child that holds the output open', { skip: process.platform === 'win32' }, async (t) => {
  const desk = fake(t, `require('child_process').spawn('sleep', ['5'], { stdio: 'inherit', detached: true }).unref(); ${lines} lines((q) => q.n ? say({ id: q.id, ok: true }) : process.exit(5))`);
  assert.equal((await desk.ask({ n: 1 })).ok, true);
  await assert.rejects(desk.ask({}), died({ exitCode: 5 }));
});

test('close', async (t) => {
  const desk = real(t);
  const asked = Array.from({ length: 2000 }, (_, i) => desk.add({ calendar: 'support', from: at, seconds: i }));
  const closed = desk.close();
  assert.equal(desk.close(), closed);
  await assert.rejects(desk.ask({ op: 'open', id: 1 }), refused('closed', { id: 1 }));
  await closed;
  for (const answer of await Promise.all(asked)) assert.ok(answer.earliest);
  await assert.rejects(desk.start(), refused('closed'));

  const never = new Desk({ command: '/no/such/desk' });
  await never.close(); // nothing was started
  const dead = new Desk({ command: '/no/such/desk' });
  await assert.rejects(dead.start(), died());
  await dead.close();
});

test('close kills what does not end', async (t) => {
  const desk = fake(t, `${lines} lines((q) => { if (q.n) say({ id: q.id, ok: true }) }); setInterval(() => {}, 1000)`, { closeTimeout: 200 });
  assert.equal((await desk.ask({ n: 1 })).ok, true);
  const stuck = desk.ask({});
  const [result] = await Promise.allSettled([stuck, desk.close()]);
  died({ signal: 'SIGKILL', message: /did not end within 200 ms of close\(\), and was killed/ })(result.reason);
});

test('start', async (t) => {
  const desk = real(t);
  await Promise.all([desk.start(), desk.start()]);
  await desk.start();
  assert.equal((await desk.open({ calendar: 'support', at })).open, true);

  // Two that notice the same death start one process.
  const mortal = fake(t, `${lines} lines((q) => q.op === 'die' ? process.exit(9) : say({ id: q.id, ok: true, pid: process.pid }))`);
  await assert.rejects(mortal.ask({ op: 'die' }), died({ exitCode: 9 }));
  await Promise.all([mortal.start(), mortal.start()]);
  const [a, b] = await Promise.all([mortal.ask({}), mortal.ask({})]);
  assert.equal(a.pid, b.pid);
  const dying = mortal.ask({ op: 'die' });
  await assert.rejects(dying, died());
  const closing = mortal.start();
  await mortal.close();
  await closing.catch(refused('closed'));
});
