// A client of the program desk, which answers a JSON object a line, in the order of the requests. README.md says how to use it, index.d.ts what there is to ask.
import { spawn } from 'node:child_process';

const maxLine = 1 << 20; // bytes: the program reads no longer one
const maxAnswer = 1 << 26; // characters: what has no end by then is no answer
const maxStderr = 4096; // characters of its end that are kept
const batchSize = 1 << 16; // characters that are written at once
const patience = 1000; // ms for a process to go whose output has ended, and for its output to end when it has gone

/** A request was refused: by the program, or before it was sent (too_large, queue_full, closed). */
export class DeskError extends Error {
  constructor({ code, field, message }, id) {
    super(message);
    this.name = 'DeskError';
    this.code = code;
    this.field = field;
    if (id !== undefined) this.id = id;
  }
}

/** The program is gone, or was never there: this request has no answer. */
export class DeskDied extends Error {
  constructor(message, { exitCode = null, signal = null, stderr = '', cause } = {}) {
    super(message, cause && { cause });
    this.name = 'DeskDied';
    this.exitCode = exitCode;
    this.signal = signal;
    this.stderr = stderr;
  }
}

/** One program, kept open: see README.md. */
export class Desk {
  #options;
  #run; // the process, the one that died included
  #closed; // the promise of close

  constructor({ command, args = [], cwd, env, maxQueueBytes = 64 << 20, closeTimeout = 10_000 } = {}) {
    if (typeof command !== 'string' || command === '') throw new TypeError('new Desk({command}): the path of the program desk');
    this.#options = { command, args, cwd, env, maxQueueBytes, closeTimeout };
  }

  /** Starts the program unless it runs. The first request does so too, but only this starts it again when it has died. */
  async start() {
    const last = this.#run;
    if (last?.failing) {
      await last.ended;
      if (this.#run === last) this.#run = undefined;
    }
    if (this.#closed) throw closedError();
    this.#run ??= new Run(this.#options);
    await this.#run.started;
  }

  /** Asks one request, {op, …}. The answer has the request's id, if it has one. */
  ask(request, { signal } = {}) {
    return new Promise((resolve, reject) => {
      if (request === null || typeof request !== 'object') throw new TypeError('a request is an object: {op: …}');
      const { id, ...rest } = request;
      if (this.#closed) throw closedError(id);
      signal?.throwIfAborted();
      this.#run ??= new Run(this.#options);
      this.#run.ask(id, rest, signal, resolve, reject);
    });
  }

  /** Takes no more requests, waits for the answers of those in flight and for the program's exit. It is killed when that takes longer than closeTimeout. */
  close() {
    this.#closed ??= this.#run ? this.#run.close() : Promise.resolve();
    return this.#closed;
  }
}

// The operations, by the names of their methods.
const operations = ['open', 'elapsed', 'add', 'hours', 'explain', 'days', 'deadline', 'priority', 'impact', 'ticket', 'compliance', 'availability', 'composition',
  'performance', 'capacity', 'credit', 'continuity', 'restart_order', 'review', 'procedure', 'report'];
for (const op of operations) {
  const name = op.replace(/_(.)/g, (_, letter) => letter.toUpperCase());
  const method = { [name](request, options) { return this.ask({ ...request, op }, options); } }[name];
  Object.defineProperty(Desk.prototype, name, { value: method, writable: true, configurable: true });
}

const closedError = (id) => new DeskError({ code: 'closed', message: 'the desk is closed' }, id);

// A run is one process, from its start to its end, with the requests that wait for it.
class Run {
  started; // resolves when it runs, rejects with DeskDied when it cannot
  ended; // resolves when it is gone and every request is settled
  failing = false; // it died or is about to: no more is sent
  #options;
  #child;
  #died; // the DeskDied
  #closing = false;
  #fault; // why we killed it
  #queue = new Fifo(); // requests to write
  #queuedBytes = 0;
  #flight = new Fifo(); // requests without an answer, in their order
  #next = 1; // id
  #full = false; // stdin, until it drains
  #scheduled = false;
  #rest = []; // parts of a line that has not ended
  #restLength = 0;
  #stderr = '';
  #timer;
  #resolveStarted;
  #rejectStarted;
  #resolveEnded;

  constructor(options) {
    this.#options = options;
    this.started = new Promise((resolve, reject) => { this.#resolveStarted = resolve; this.#rejectStarted = reject; });
    this.started.catch(() => {}); // whoever asks is told
    this.ended = new Promise((resolve) => { this.#resolveEnded = resolve; });
    const { command, args, cwd, env } = options;
    try {
      this.#child = spawn(command, args, { cwd, env, stdio: 'pipe', windowsHide: true });
    } catch (cause) { // such as a zero byte in the command
      this.#end({ cause });
      return;
    }
    const child = this.#child;
    child.on('spawn', () => this.#resolveStarted());
    child.on('error', (cause) => child.pid === undefined && this.#end({ cause })); // else a kill that failed
    child.on('exit', (exitCode, signal) => {
      this.failing = true;
      clearTimeout(this.#timer);
      // A child of its own may hold its output open. What is in the pipe by now is read first.
      this.#timer = setTimeout(() => setImmediate(() => { child.stdout.destroy(); child.stderr.destroy(); this.#end({ exitCode, signal }); }), patience);
    });
    child.on('close', (exitCode, signal) => this.#end({ exitCode, signal }));
    if (!child.stdin) { // too many open files: the error is on its way
      this.failing = true;
      return;
    }
    child.stdin.on('drain', () => { this.#full = false; this.#write(); });
    child.stdin.on('error', () => this.#failSoon('it closed its input')); // EPIPE
    child.stdout.setEncoding('utf8').on('data', (chunk) => this.#read(chunk));
    child.stdout.on('end', () => this.#failSoon('it closed its output'));
    child.stdout.on('error', () => this.#failSoon('its output cannot be read'));
    child.stderr.setEncoding('utf8').on('data', (chunk) => { this.#stderr = (this.#stderr + chunk).slice(-maxStderr); });
    child.stderr.on('error', () => {});
  }

  ask(id, rest, signal, resolve, reject) {
    if (this.#died) throw this.#died;
    const line = JSON.stringify({ id: this.#next, ...rest });
    const bytes = Buffer.byteLength(line);
    if (bytes > maxLine) throw new DeskError({ code: 'too_large', message: `a line of ${bytes} bytes: at most ${maxLine}` }, id);
    if (this.#queuedBytes + bytes > this.#options.maxQueueBytes) {
      throw new DeskError({ code: 'queue_full', message: `more than ${this.#options.maxQueueBytes} bytes wait for the program` }, id);
    }
    const request = { number: this.#next++, id, line, bytes, resolve, reject, signal, abort: undefined };
    if (signal) {
      request.abort = () => { request.line = undefined; settle(request, reject, signal.reason); }; // one that is sent keeps its place
      signal.addEventListener('abort', request.abort, { once: true });
    }
    this.#queue.push(request);
    this.#queuedBytes += bytes;
    if (!this.#scheduled) {
      this.#scheduled = true;
      queueMicrotask(() => { this.#scheduled = false; this.#write(); }); // what is asked together is written together
    }
  }

  close() {
    this.#closing = true;
    this.#write();
    const timer = setTimeout(() => this.#fail(`it did not end within ${this.#options.closeTimeout} ms of close()`), this.#options.closeTimeout);
    return this.ended.finally(() => clearTimeout(timer));
  }

  // #write hands on what waits, as far as the pipe takes it.
  #write() {
    while (!this.failing && !this.#full && this.#queue.length > 0) {
      let text = '';
      while (this.#queue.length > 0 && text.length < batchSize) {
        const request = this.#queue.shift();
        this.#queuedBytes -= request.bytes;
        if (request.line === undefined) continue; // aborted
        text += request.line + '\n';
        request.line = '';
        this.#flight.push(request);
      }
      this.#full = text !== '' && !this.#child.stdin.write(text);
    }
    if (this.#closing && this.#queue.length === 0) this.#child?.stdin?.end();
  }

  #read(chunk) {
    let from = 0;
    for (let to; !this.#fault && (to = chunk.indexOf('\n', from)) >= 0; from = to + 1) {
      this.#rest.push(chunk.slice(from, to));
      this.#answer(this.#rest.join(''));
      this.#rest = [];
      this.#restLength = 0;
    }
    if (this.#fault) return;
    this.#rest.push(chunk.slice(from));
    this.#restLength += chunk.length - from;
    if (this.#restLength > maxAnswer) this.#fail('it printed a line without end');
  }

  #answer(line) {
    let answer;
    try { answer = JSON.parse(line); } catch { /* no answer */ }
    const request = this.#flight.peek();
    const error = answer?.ok === false ? answer.error : undefined;
    // The program gives no id when the line is no JSON, as with a lone surrogate.
    const ours = request && (answer?.id === request.number || error && answer.id === null);
    if (!ours || !(answer.ok === true || typeof error?.code === 'string')) {
      this.#fail(`it printed what is no answer: ${JSON.stringify(line.slice(0, 200))}`);
      return;
    }
    this.#flight.shift();
    if (error) {
      settle(request, request.reject, new DeskError(error, request.id));
      return;
    }
    if (request.id === undefined) delete answer.id;
    else answer.id = request.id;
    settle(request, request.resolve, answer);
  }

  // #fail kills the process, which is of no more use.
  #fail(why) {
    if (this.#fault || this.#died) return;
    this.#fault = why;
    this.failing = true;
    this.#child?.kill('SIGKILL');
  }

  // #failSoon does so unless it exits by itself, as one does whose pipes have ended.
  #failSoon(why) {
    if (this.failing) return;
    this.failing = true;
    if (!this.#closing) this.#timer = setTimeout(() => this.#fail(why), patience);
  }

  // #end settles all that is left, once.
  #end({ exitCode = null, signal = null, cause }) {
    if (this.#died) return;
    clearTimeout(this.#timer);
    this.failing = true;
    const how = signal ? `signal ${signal}` : `exit code ${exitCode}`;
    const last = this.#stderr.trim().split('\n').pop();
    const what = cause ? `the desk cannot be started: ${cause.message}` : `the desk died: ${this.#fault ? `${this.#fault}, and was killed` : how}${last && `: ${last}`}`;
    this.#died = new DeskDied(what, { exitCode, signal, stderr: this.#stderr, cause });
    this.#rejectStarted(this.#died);
    for (const requests of [this.#flight, this.#queue]) {
      while (requests.length > 0) {
        const request = requests.shift();
        settle(request, request.reject, this.#died);
      }
    }
    this.#resolveEnded();
  }
}

// settle resolves or rejects: the first time counts, as with every promise.
function settle(request, how, value) {
  request.signal?.removeEventListener('abort', request.abort);
  how(value);
}

// A Fifo is a queue whose shift takes the same time however long it is.
class Fifo {
  #items = [];
  #head = 0;
  get length() { return this.#items.length - this.#head; }
  push(item) { this.#items.push(item); }
  peek() { return this.#items[this.#head]; }
  shift() {
    const item = this.#items[this.#head];
    this.#items[this.#head++] = undefined;
    if (this.#head >= 1024 && this.#head * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }
}
