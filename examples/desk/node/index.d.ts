// What there is to ask, and what comes back: the fields of the protocol (PROTOCOL.md beside the program).

export interface DeskOptions {
  /** The path of the program. It is started as it is, without a shell. */
  command: string;
  /** Its arguments, such as ['-agreement', 'x.json']. */
  args?: string[];
  cwd?: string;
  env?: Record<string, string | undefined>;
  /** How many bytes of requests may wait until the program takes them; one more request rejects with queue_full. Default 64 MiB. */
  maxQueueBytes?: number;
  /** How many milliseconds close() waits before it kills. Default 10 000. */
  closeTimeout?: number;
}

export interface AskOptions {
  /** Rejects the request with the signal's reason, such as that of AbortSignal.timeout(2000). The others go on. */
  signal?: AbortSignal;
}

/** One program, kept open. */
export class Desk {
  constructor(options: DeskOptions);
  /** Starts the program unless it runs; rejects with DeskDied when it cannot. The first request starts it too, but only this starts it again. */
  start(): Promise<void>;
  /** Ends the program when all requests are answered, and kills it after closeTimeout. Never rejects. */
  close(): Promise<void>;

  /** Asks one request. The answer, or the error, has its id. */
  ask<O extends keyof Operations, I = undefined>(request: { op: O; id?: I } & Operations[O]['request'], options?: AskOptions): Promise<Operations[O]['answer'] & { id: I }>;

  open(request: Operations['open']['request'], options?: AskOptions): Promise<OpenAnswer>;
  elapsed(request: Operations['elapsed']['request'], options?: AskOptions): Promise<ElapsedAnswer>;
  add(request: Operations['add']['request'], options?: AskOptions): Promise<AddAnswer>;
  hours(request: Operations['hours']['request'], options?: AskOptions): Promise<HoursAnswer>;
  explain(request: Operations['explain']['request'], options?: AskOptions): Promise<ExplainAnswer>;
  days(request: Operations['days']['request'], options?: AskOptions): Promise<DaysAnswer>;
  deadline(request: Operations['deadline']['request'], options?: AskOptions): Promise<DeadlineAnswer>;
  priority(request: Operations['priority']['request'], options?: AskOptions): Promise<PriorityAnswer>;
  impact(request: Operations['impact']['request'], options?: AskOptions): Promise<ImpactAnswer>;
  ticket(request: Operations['ticket']['request'], options?: AskOptions): Promise<TicketAnswer>;
  compliance(request: Operations['compliance']['request'], options?: AskOptions): Promise<ComplianceAnswer>;
  availability(request: Operations['availability']['request'], options?: AskOptions): Promise<AvailabilityAnswer>;
  composition(request: Operations['composition']['request'], options?: AskOptions): Promise<CompositionAnswer>;
  performance(request: Operations['performance']['request'], options?: AskOptions): Promise<PerformanceAnswer>;
  capacity(request: Operations['capacity']['request'], options?: AskOptions): Promise<CapacityAnswer>;
  credit(request: Operations['credit']['request'], options?: AskOptions): Promise<CreditAnswer>;
  continuity(request: Operations['continuity']['request'], options?: AskOptions): Promise<ContinuityAnswer>;
  restartOrder(request: Operations['restart_order']['request'], options?: AskOptions): Promise<RestartOrderAnswer>;
  review(request?: Operations['review']['request'], options?: AskOptions): Promise<ReviewAnswer>;
  procedure<K extends ProcedureRequest['kind']>(request: Extract<ProcedureRequest, { kind: K }>, options?: AskOptions): Promise<ProcedureAnswers[K]>;
  report(request: Operations['report']['request'], options?: AskOptions): Promise<ReportAnswer>;
}

/** Codes of the protocol, and of the client: too_large (both), queue_full, closed. */
export type DeskErrorCode =
  | 'bad_json' | 'bad_request' | 'unknown_field' | 'unknown_op' | 'out_of_range' | 'no_open_time' | 'not_found' | 'too_large' | 'not_agreed'
  | 'queue_full' | 'closed';

/** A request was refused: by the program, or before it was sent (too_large, queue_full, closed). */
export class DeskError extends Error {
  readonly name: 'DeskError';
  readonly code: DeskErrorCode;
  /** Where in the request: ticket.pauses[1].from */
  readonly field?: string;
  /** The id of the request, if it has one. */
  readonly id?: unknown;
}

/** The program is gone, or was never there: this request has no answer. */
export class DeskDied extends Error {
  readonly name: 'DeskDied';
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** The end of what it printed on standard error, at most 4096 characters. */
  readonly stderr: string;
  /** Where it could not be started: the error of spawn, with its code, such as ENOENT. */
  readonly cause?: unknown;
}

export interface Operations {
  open: { request: { calendar: Calendar; at: InstantIn }; answer: OpenAnswer };
  elapsed: { request: { calendar: Calendar; from: InstantIn; to: InstantIn; pauses?: Pause[] }; answer: ElapsedAnswer };
  add: { request: { calendar: Calendar; from: InstantIn; seconds: number; pauses?: Pause[] }; answer: AddAnswer };
  hours: { request: { calendar: Calendar; from: InstantIn; to: InstantIn; spans?: boolean }; answer: HoursAnswer };
  explain: { request: { calendar: Calendar; from: InstantIn; to: InstantIn; pauses?: Pause[] }; answer: ExplainAnswer };
  days: { request: { calendar: Calendar; date: CivilDate; n?: number; to?: CivilDate }; answer: DaysAnswer };
  deadline: { request: { calendar: Calendar; received: InstantIn; target: Target; rule?: CountingRule; pauses?: Pause[] }; answer: DeadlineAnswer };
  priority: { request: { impact: 1 | 2 | 3 | 4; at: InstantIn; options?: TimingOptions; calendar?: Calendar }; answer: PriorityAnswer };
  impact: { request: ImpactRequest; answer: ImpactAnswer };
  ticket: { request: { ticket: Ticket; as_of: InstantIn; options?: Readings; segments?: boolean }; answer: TicketAnswer };
  compliance: { request: Share & { target: string }; answer: ComplianceAnswer };
  availability: { request: AvailabilityRequest; answer: AvailabilityAnswer };
  composition: { request: CompositionRequest; answer: CompositionAnswer };
  performance: { request: { calls: [persons: number, ms: number | null][] }; answer: PerformanceAnswer };
  capacity: { request: { calls: [start_ms: number, duration_ms: number][] }; answer: CapacityAnswer };
  credit: { request: { achieved: Share; ladder: { below: string; credit: string }[] }; answer: CreditAnswer };
  continuity: { request: ContinuityRequest; answer: ContinuityAnswer };
  restart_order: { request: { services: RestartService[] }; answer: RestartOrderAnswer };
  review: { request: { agreement?: object | 'ssbtek'; year?: number }; answer: ReviewAnswer };
  procedure: { request: ProcedureRequest; answer: ProcedureAnswers[keyof ProcedureAnswers] };
  report: { request: ReportRequest; answer: ReportAnswer };
}

/** RFC 3339 with its offset from UTC: 2026-10-31T08:00:00+01:00 */
export type Instant = string;
/** An instant of a request. A Date is sent in UTC. */
export type InstantIn = Instant | Date;
/** 2026-10-31 */
export type CivilDate = string;
/** 2026-10 */
export type Month = string;
/** '60 min', '4 h', '2 business days', '30 days' */
export type Target = string;
export type Share = { met: number; total: number };

/** Half-open [from, to); to is null while it goes on. */
export type Pause = [from: InstantIn, to: InstantIn | null, reason?: string];
export type Stretch = [from: InstantIn, to: InstantIn | null];
export type Span = { from: Instant; to: Instant };

/** The name of a service time of the agreement, or one of its own. */
export type Calendar = string | {
  time_zone: string;
  /** {'mon-fri': ['08:00-17:00'], 'sat,sun': ['22:00-06:00']}; a day not named is closed. */
  week?: Record<string, string[]>;
  /** 'SE', 'SE+eves', or dates, of which '--12-25' is of every year. */
  holidays?: string | string[];
  /** Replaces the rule of a date, holidays included. */
  dates?: Record<CivilDate, string[]>;
  /** Wall time that is cut out of a date. */
  breaks?: Record<CivilDate, string[]>;
  extra?: { from: InstantIn; to: InstantIn; reason?: string }[];
};

export type CountingRule =
  | 'SUPPORT_CLOCK' | 'WALL_CLOCK' | 'EU1182_HOURS' // minutes and hours
  | 'EXCL_DATE_CLOSE' | 'EXCL_DATE_MIDNIGHT' | 'EXCL_EFFECTIVE_CLOSE' | 'INCL_EFFECTIVE_CLOSE' | `CUTOFF_${number}_CLOSE` | 'SAME_TIME' | 'AS_HOURS' // business days
  | 'EXCL_MIDNIGHT' | 'SAME_WALLCLOCK' | 'N_X_24H' | 'EU1182_MIDNIGHT' | 'EU1182_MIN2WD_MIDNIGHT' | 'SE1930_CLOSE'; // days

export interface OpenAnswer { ok: true; open: boolean; next_open: Instant | null; next_close: Instant | null; prev_open: Instant | null; prev_close: Instant | null }
export interface ElapsedAnswer { ok: true; seconds: number }
export interface AddAnswer { ok: true; earliest: Instant; latest: Instant | null }
export interface HoursAnswer { ok: true; seconds: number; days: number; spans?: Span[] }
export interface Segment extends Span { counted: boolean; kind: 'open' | 'closed' | 'holiday' | 'paused' | 'extra' | 'break'; name?: string }
export interface ExplainAnswer { ok: true; segments: Segment[] }
export interface DaysAnswer { ok: true; date?: CivilDate; following: CivilDate | null; preceding: CivilDate | null; is_business_day: boolean; between?: number }
export interface DeadlineAnswer { ok: true; due: Instant; rule: CountingRule }

export interface TimingOptions {
  critical_from_day?: number;
  near_before_days?: number;
  near_after_days?: number;
  /** [['07-01', '08-15']], both ends included. */
  low_season?: [from: string, to: string][];
  precedence?: 'critical_first' | 'low_first';
  out_of_hours?: 'next_open' | 'by_date' | 'out_of_hours_is_4';
}
/** A level's name in the agreement: critical, high, medium, low. */
export type Priority = string;
export interface PriorityAnswer { ok: true; timing: number; priority: Priority }

export interface ImpactRequest {
  total: number;
  down?: number;
  asked?: number;
  answered?: number;
  no_call_answered?: boolean;
  timed_out?: Share;
  single_failures?: boolean;
}
export interface ImpactAnswer { ok: true; impact: 0 | 1 | 2 | 3 | 4; why: string }

/** An instant that is missing has not been reached. */
export interface Ticket {
  number?: string;
  kind: 'incident' | 'order' | 'problem' | 'security' | (string & {});
  /** The type of an order. */
  class?: string;
  impact?: number | null;
  urgency?: number | null;
  /** The name of the level, or its number from 1, the most urgent. It wins over impact. */
  priority?: number | Priority | null;
  provider?: string;
  occurred?: InstantIn | null;
  received: InstantIn;
  started?: InstantIn | null;
  resolved?: InstantIn | null;
  /** Where the resolution clock stops; with resolved alone it still runs. */
  reported_back?: InstantIn | null;
  pauses?: Pause[];
  changes?: { at: InstantIn; priority: number | Priority }[];
  reopened?: Stretch[];
  updates?: InstantIn[];
  /** Of a problem, each a class from 1, the worst. */
  factors?: { users?: number; business?: number; security?: number; recurrence?: number; critical_time?: number; attention?: number };
  protected?: boolean;
}

/** Other readings of the agreement, for this request. */
export interface Readings {
  hours?: CountingRule;
  business_days?: CountingRule;
  days?: CountingRule;
  /** Whether waiting for someone else moves the due of a resolution. */
  pauses?: 'on' | 'off';
  response_pauses?: 'on' | 'off';
  reopened_counts?: 'on' | 'off';
  priority_changes?: 'in_force' | 'first' | 'restart';
  problem_priority?: 'given' | 'worst_factors';
  compliance?: 'both' | 'each';
  counted_in?: 'settled' | 'resolution' | 'receipt';
}

export interface Clock {
  state: 'running' | 'paused' | 'met' | 'breached' | 'no_target';
  due: Instant | null;
  target: Target | null;
  /** Open support time, unpaused where pauses count. */
  elapsed_seconds: number;
  /** Open time until due. */
  remaining_seconds: number;
  over_by_seconds: number;
}
export interface TicketAnswer {
  ok: true;
  priority: Priority;
  response: Clock;
  resolution: Clock;
  counts_in: Month | null;
  /** null while it runs. */
  met: boolean | null;
  /** Of the resolution, up to as_of; if asked. */
  segments?: Segment[];
}

export interface ComplianceAnswer { ok: true; meets: boolean | null; percent: string | null; misses_left: number }

export interface AvailabilityRequest {
  calendar: Calendar;
  from: InstantIn;
  to: InstantIn;
  outages?: Stretch[];
  service_windows?: { planned_from: InstantIn; planned_to: InstantIn; actual_to?: InstantIn | null; announced?: boolean; decided?: boolean }[];
  /** '98%' */
  target?: string;
  max_down_seconds?: number;
  max_interruptions?: number;
}
export interface AvailabilityAnswer {
  ok: true;
  open_seconds: number;
  down_seconds: number;
  excused_seconds: number;
  percent: string | null;
  percent_without_excused: string | null;
  meets: boolean | null;
  interruptions: (Span & { down_seconds: number })[];
  more_interruptions?: number;
}

export interface CompositionRequest { calendar: Calendar; from: InstantIn; to: InstantIn; providers: string[]; quorum: number; down?: Record<string, Stretch[]> }
export interface CompositionAnswer {
  ok: true;
  /** By how many providers answer, from 0. */
  seconds_by_answering: number[];
  available_seconds: number;
  disturbed_seconds: number;
  unavailable_seconds: number;
  unavailable: Span[];
}

export interface PerformanceAnswer {
  ok: true;
  total: number;
  invalid: number;
  unanswered: number;
  within_first: number | null;
  within_second: number | null;
  meets_first: boolean | null;
  meets_second: boolean | null;
  meets: boolean | null;
  precision: Share;
  meets_precision: boolean | null;
}

export interface Peak { peak: number; at: Instant | null }
export interface CapacityAnswer {
  ok: true;
  per_second: Peak;
  per_minute: Peak;
  per_hour: Peak;
  sliding_second: Peak;
  sliding_minute: Peak;
  concurrent: Peak;
  over: (Span & { limit: string; peak: number })[];
}

export interface CreditAnswer { ok: true; credit: string | null }

export interface ContinuityRequest {
  /** '4 h', '2 days', '1 working week', 'immediate', 'last transaction', 'last backup' */
  objectives: { rto?: string; rpo?: string; backup_every?: string; test_every?: string };
  disruptions?: { from: InstantIn; to?: InstantIn | null }[];
  backups?: { data_at: InstantIn; done_at?: InstantIn | null; verified?: boolean }[];
  tests?: { at: InstantIn; restored_in?: number }[];
  as_of: InstantIn;
}
export interface ContinuityOutcome { met: boolean | null; worst_seconds: number | null; breaches: { at: Instant; seconds: number | null }[]; more_breaches?: number }
export interface ContinuityAnswer { ok: true; rto: ContinuityOutcome; rpo: ContinuityOutcome; backup_every: ContinuityOutcome; test_every: ContinuityOutcome }

/** restart: seconds, or a text such as '20 min'. */
export interface RestartService { name: string; priority: number; needs?: string[]; restart: number | string }
export interface RestartOrderAnswer { ok: true; order: string[]; waves: string[][]; critical_path: string[]; total: number }

export interface ReviewAnswer { ok: true; findings: { clause: string; code: string; severity: string; message: string }[] }

export type ProcedureRequest =
  | { kind: 'report_due'; month: Month }
  | { kind: 'decision_meeting'; requested_at: InstantIn }
  | { kind: 'opening_wanted'; date: CivilDate }
  | { kind: 'change_notice'; change_on: CivilDate | InstantIn; notice?: InstantIn };
export interface ProcedureAnswers {
  report_due: { ok: true; due: CivilDate; business_day_before: CivilDate };
  decision_meeting: { ok: true; meeting: Instant; material_due: Instant; skipped: CivilDate[] };
  opening_wanted: { ok: true; meeting: Instant; ask_before: Instant };
  change_notice: { ok: true; latest: CivilDate; in_time?: boolean };
}

/** The report's JSON, beside ok. */
/** The records of a report: lists, or the texts of files of CSV. */
export interface ReportRecords {
  tickets?: Ticket[] | string;
  outages?: ReportRecord<'from' | 'to' | 'provider' | 'cause' | 'plan' | 'communicated'>;
  disturbances?: ReportRecord<'from' | 'to'>;
  windows?: ReportRecord<'planned_from' | 'planned_to' | 'actual_to' | 'announced' | 'decided'>;
  changes?: ReportRecord<
    | 'number' | 'acute' | 'in_release' | 'cancelled' | 'no_effect' | 'on' | 'communicated' | 'verified' | 'status' | 'outcome'
    | 'planned_from' | 'planned_to' | 'actual_to' | 'announced' | 'decided'>;
  calls?: ReportRecord<'received' | 'persons' | 'response_ms' | 'provider' | 'error'>;
  users?: ReportRecord<'received' | 'user'>;
  disruptions?: ReportRecord<'from' | 'to' | 'normal' | 'data_at' | 'kept' | 'plan_used' | 'name' | 'cause' | 'outcome' | 'actions'>;
  backups?: ReportRecord<'data_at' | 'done_at' | 'verified_at'>;
  tests?: ReportRecord<'at' | 'restored' | 'failed' | 'data_at' | 'name' | 'outcome' | 'actions'>;
}
export type ReportRecord<Field extends string> = { [field in Field]?: string | number | boolean | Date | null }[] | string;
export interface ReportRequest { month: Month; records: ReportRecords; time_zone?: string; service?: string; as_of?: InstantIn; agreement?: object | 'ssbtek' }
/** The monthly report: examples/page/monthly.schema.json. */
export type ReportAnswer = {
  ok: true; format: number; month: Month; as_of: Instant; preliminary: boolean; complete: boolean;
  summary: { targets: number; met: number; missed: number; no_data: number };
  targets: { path: string; clause?: string; verdict: string; advisory?: boolean }[];
} & Record<string, unknown>;
