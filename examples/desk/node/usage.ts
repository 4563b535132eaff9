// Checked by the compiler, never run: npm run types
import { Desk, DeskDied, DeskError, type TicketAnswer } from 'sla-desk';

const desk = new Desk({ command: './desk', args: ['-agreement', 'x.json'], closeTimeout: 1000 });

export async function due(number: string): Promise<string | null> {
  await desk.start();
  const options = { signal: AbortSignal.timeout(2000) };
  const answer: TicketAnswer = await desk.ticket({
    ticket: { number, kind: 'incident', impact: 2, received: new Date(), pauses: [['2026-12-23T09:00:00+01:00', null, 'waiting']] },
    as_of: '2026-12-23T12:00:00+01:00', options: { pauses: 'on', business_days: 'CUTOFF_1200_CLOSE' }, segments: true,
  }, options);
  const kinds: string[] = (answer.segments ?? []).map((s) => s.kind);
  const asked = await desk.ask({ op: 'open', id: { my: number }, calendar: 'support', at: new Date() });
  const my: string = asked.id.my, open: boolean = asked.open;
  const none: undefined = (await desk.ask({ op: 'elapsed', calendar: { time_zone: 'Europe/Stockholm', week: { 'mon-fri': ['08:00-17:00'] } }, from: my, to: my })).id;
  const { latest, in_time } = await desk.procedure({ kind: 'change_notice', change_on: '2026-12-20' });
  const { total, waves } = await desk.restartOrder({ services: [{ name: 'a', priority: 1, restart: '20 min' }] });
  const worst: number | null = (await desk.continuity({ objectives: { rto: '4 h' }, as_of: my })).rto.worst_seconds;
  const findings: number = (await desk.review()).findings.length;
  const report = await desk.report({ month: '2026-10', records: { outages: [{ from: new Date(), cause: 'a full disk' }], tickets: 'number,kind\n' } });
  console.log(report.summary.met, report.targets[0]?.verdict);
  console.log(kinds, open, none, latest.length, in_time === true, total + 1, waves[0]?.[0], worst, findings);

  // @ts-expect-error a ticket needs received
  await desk.ticket({ ticket: { kind: 'incident' }, as_of: my });
  // @ts-expect-error no such field
  await desk.open({ calendar: 'support', at: my, bogus: 1 });
  // @ts-expect-error no such operation
  await desk.ask({ op: 'close' });
  // @ts-expect-error the month belongs to another kind
  await desk.procedure({ kind: 'opening_wanted', month: '2026-10' });
  // @ts-expect-error no such column
  await desk.report({ month: '2026-10', records: { outages: [{ colour: 'red' }] } });
  return answer.resolution.due;
}

export async function careful(): Promise<string> {
  try {
    return (await due('INC1')) ?? 'none';
  } catch (error) {
    if (error instanceof DeskError && error.code === 'not_agreed') return error.field ?? error.message;
    if (error instanceof DeskDied) return `${error.exitCode ?? error.signal}: ${error.stderr}`;
    throw error;
  } finally {
    await desk.close();
  }
}
