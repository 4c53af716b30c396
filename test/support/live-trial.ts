/**
 * A trial of the live core in virtual time: the arrangement, services and memory bus that a server process runs, under the
 * models of load that the generator runs, on one virtual clock. Left out are sockets, Express and processes.
 */
import type { CallOff } from '../../src/base/clock.js';
import { NO_RUN } from '../../src/base/trace-context.js';
import { Attempts } from '../../src/load/attempts.js';
import { arrivalsOf } from '../../src/load/arrival-times.js';
import { ClosedModel } from '../../src/load/closed.js';
import { Journal } from '../../src/load/journal.js';
import type { Done, Model, Opener, Sender } from '../../src/load/model.js';
import { OpenModel } from '../../src/load/open.js';
import { RunningWindow } from '../../src/load/window.js';
import type { MeasuredTrial } from '../../src/measurement/record.js';
import { TRACED, type TracedTrial } from '../../src/measurement/traced.js';
import { measureTrial } from '../../src/measurement/trial.js';
import { callGraphOf } from '../../src/scenarios/architectures.js';
import { outlastsReplies } from '../../src/scenarios/call-graph.js';
import { attemptNumber } from '../../src/scenarios/request.js';
import { RANK, turnOf } from '../../src/scenarios/turn.js';
import type { TrialInput } from '../../src/simulation/discrete-event/model.js';
import { LiveServer, type End } from './live-server.js';
import { VirtualClock } from './virtual-clock.js';

const IDLE = { eventLoop: 0, delayP99: 0, cpu: 0, elapsed: 0, rss: 0 };

/**
 * Runs the trial that an input describes on the live core, and measures it as a real one is measured.
 * @param keepsSpans leaves what its spans are written of, as `bench -o otlp` does
 */
export async function liveTrial(input: TrialInput, { keepsSpans = false } = {}): Promise<MeasuredTrial> {
  const clock = new VirtualClock();
  const server = new LiveServer(input, clock, keepsSpans);
  await server.start();
  const users = new Users(input, server, clock);
  for (const service of server.services.values()) service.observe(users.window.edges);
  server.observe(users.window.edges);
  await users.run();
  if (server.lastEnd > clock.now()) await clock.run({ until: server.lastEnd });
  if (outlastsReplies(callGraphOf(input.subject))) await clock.run({ until: clock.now() + input.drain, isEnough: () => server.isQuiet });
  return measured(input, server, users, clock.now());
}

/** The load: whoever sends requests, and waits for the answers. */
class Users {
  readonly journal: Journal;
  readonly window: RunningWindow;
  private readonly input: TrialInput;
  private readonly server: LiveServer;
  private readonly clock: VirtualClock;
  private readonly model: Model;
  private isOver = false;
  /** Attempts so far: timeouts of one moment come in the order in which they were sent. */
  private sends = 0;

  constructor(input: TrialInput, server: LiveServer, clock: VirtualClock) {
    const { warmup, duration } = input;
    this.input = input;
    this.server = server;
    this.clock = clock;
    this.window = new RunningWindow(0, { startAt: warmup, endAt: warmup + duration }, clock, () => (this.isOver = true));
    this.journal = new Journal(warmup);
    this.model = this.modelOf();
  }

  get now(): number {
    return this.clock.now();
  }

  /** Sends until the window is over, and waits for every answer. */
  async run(): Promise<void> {
    this.model.start();
    await this.clock.run({ isEnough: () => this.isOver && this.journal.inFlight === 0 && !this.model.upcoming });
  }

  /** What sends the attempts of a user's requests. */
  attempts(send: (row: number, attempt: number, from: number) => void): Attempts {
    return new Attempts({ journal: this.journal, retries: this.input.retries, clock: this.clock }, send);
  }

  /** Sends an attempt of the request of a row. @param ended told the outcome once */
  send(row: number, attempt: number, ended: End): void {
    const { clock, journal, input } = this;
    journal.sent(row, clock.now());
    const number = attemptNumber(journal.index(row), attempt);
    let callOff: CallOff | null = null;
    const end: End = (outcome, status, reached) => {
      // A reply that comes after the user had enough is not heard.
      if (!callOff) return;
      callOff();
      callOff = null;
      ended(outcome, status, reached);
    };
    callOff = clock.at(clock.now() + input.timeout, () => end('timeout', 0, true), turnOf(RANK.clientTimeout, this.sends++));
    this.server.send(number, end);
  }

  private modelOf(): Model {
    const { input, window, clock } = this;
    const { load, entry, think, seed, warmup } = input;
    const open: Opener = (done) => new User(this, done);
    if (load.model === 'closed') {
      const { model: _, ...users } = load;
      return new ClosedModel({ ...users, entry, think }, window, clock, open);
    }
    return new OpenModel(arrivalsOf({ arrivals: 'even', ...load }, seed, warmup), window, clock, open, () => {});
  }
}

class User implements Sender {
  private readonly users: Users;
  private readonly done: Done;
  private readonly attempts: Attempts;

  constructor(users: Users, done: Done) {
    this.users = users;
    this.done = done;
    this.attempts = users.attempts((row, attempt) => this.sendAttempt(row, attempt));
  }

  send(intendedAt: number): void {
    const { journal, now } = this.users;
    this.attempts.begin(journal.begin(intendedAt, now), intendedAt);
  }

  private sendAttempt(row: number, attempt: number): void {
    this.users.send(row, attempt, (outcome, status, reached) => {
      if (this.attempts.goesOn(outcome, reached)) return;
      this.users.journal.end(row, this.users.now, outcome, status, reached);
      this.done(this, reached);
    });
  }
}

function measured(input: TrialInput, server: LiveServer, users: Users, endedAt: number): Promise<MeasuredTrial> {
  const { parts } = server.arrangement;
  return parts.held().then((held) => {
    const { architecture, base, round, load, subject, seed, warmup, duration } = input;
    const { journal, window } = users;
    const { received, receivedWarmup, steps, history } = server;
    const services = Array.from(server.services.values(), (service) => service.report(0));
    const kept = parts.spans?.read();
    const traced: TracedTrial | null = kept
      ? {
          run: NO_RUN, graph: callGraphOf(subject), url: 'http://127.0.0.1:3000/orders', method: 'POST', origins: {}, bus: 'memory', epoch: Date.UTC(2026, 0, 1),
          observations: journal.observations(), kept: [kept], services, history,
        }
      : null;
    const trial = measureTrial({
      head: { subject: subject.name, architecture, base, round, load },
      subject,
      seed,
      window: { startAt: window.startAt, duration, warmup, endedAt, startedAt: '' },
      load: { observations: journal.observations(), window: window.edges, usage: IDLE, schedule: journal.schedule(), retried: 0, connections: 0 },
      server: { received, receivedWarmup, steps, history, services, scaled: parts.scaled(), usage: IDLE },
      services: { services, usage: null },
      held,
    });
    return traced ? { ...trial, [TRACED]: traced } : trial;
  });
}
