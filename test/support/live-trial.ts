/**
 * A trial of the live core in virtual time: the arrangement, services and memory bus that a server process runs, under the
 * models of load that the generator runs, on one virtual clock. Left out are sockets, Express and processes.
 */
import { arrange, type Arrangement } from '../../src/architectures/arrange.js';
import { orderOf } from '../../src/architectures/order.js';
import { embedded } from '../../src/architectures/parts.js';
import type { CallOff } from '../../src/base/clock.js';
import { NO_RUN } from '../../src/base/trace-context.js';
import { arrivalsOf } from '../../src/load/arrivals.js';
import { ClosedModel } from '../../src/load/closed.js';
import { Journal } from '../../src/load/journal.js';
import type { Outcome } from '../../src/load/load.js';
import type { Done, Model, Opener, Sender } from '../../src/load/model.js';
import { OpenModel } from '../../src/load/open.js';
import { RunningWindow } from '../../src/load/window.js';
import type { MeasuredTrial } from '../../src/measurement/record.js';
import { TRACED, type TracedTrial } from '../../src/measurement/traced.js';
import { measureTrial } from '../../src/measurement/trial.js';
import { callGraphOf } from '../../src/scenarios/architectures.js';
import { outlastsReplies } from '../../src/scenarios/call-graph.js';
import { RANK, turnOf } from '../../src/scenarios/turn.js';
import { handlingOf, type TrialInput } from '../../src/simulation/engine/model.js';
import { VirtualClock } from './virtual-clock.js';

const IDLE = { eventLoop: 0, delayP99: 0, cpu: 0, elapsed: 0, rss: 0 };

/**
 * Runs the trial that an input describes on the live core, and measures it as a real one is measured.
 * @param keepsSpans leaves what its spans are written of, as `bench -o otlp` does
 */
export async function liveTrial(input: TrialInput, { keepsSpans = false } = {}): Promise<MeasuredTrial> {
  const clock = new VirtualClock();
  const { services, faults } = input.subject;
  const graph = callGraphOf(input.subject);
  const arrangement = await arrange({ graph, faults, seed: input.seed, services: {}, inProcess: services, keepsSpans }, embedded(undefined, clock));
  const users = new Users(input, arrangement, clock);
  for (const service of arrangement.parts.services.values()) service.observe(users.window.edges);
  await users.run();
  if (outlastsReplies(graph)) await users.drain(input.drain);
  return measured(input, arrangement, users, clock.now());
}

/** The load, and the server's own time for each request: it works on one after another, and replies not before. */
class Users {
  readonly journal: Journal;
  readonly window: RunningWindow;
  received = 0;
  receivedWarmup = 0;
  private readonly input: TrialInput;
  private readonly arrangement: Arrangement;
  private readonly clock: VirtualClock;
  private readonly model: Model;
  private isOver = false;
  private placing = 0;
  /** When each process of the server is free; they take turns. */
  private readonly freeAt: number[];

  constructor(input: TrialInput, arrangement: Arrangement, clock: VirtualClock) {
    const { warmup, duration } = input;
    this.input = input;
    this.arrangement = arrangement;
    this.freeAt = Array.from({ length: input.subject.server.processes }, () => 0);
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

  /** Waits until nothing is under way on the server and no event waits, but no longer. */
  async drain(ms: number): Promise<void> {
    const isQuiet = (): boolean =>
      this.placing === 0 && !this.arrangement.parts.isUndoing && Object.values(this.arrangement.parts.backlog()).every((waiting) => waiting === 0);
    await this.clock.run({ until: this.clock.now() + ms, isEnough: isQuiet });
  }

  /** Sends one request. @param ended told the outcome once */
  send(intendedAt: number, ended: (row: number, outcome: Outcome, status: number) => void): void {
    const { clock, journal, input } = this;
    const row = journal.begin(intendedAt, clock.now());
    journal.sent(row, clock.now());
    const index = journal.index(row);
    if (index < 0) this.receivedWarmup++;
    else this.received++;
    let callOff: CallOff | null = null;
    const end = (outcome: Outcome, status: number): void => {
      // A reply that comes after the user had enough is not heard.
      if (!callOff) return;
      callOff();
      callOff = null;
      ended(row, outcome, status);
    };
    callOff = clock.at(intendedAt + input.timeout, () => end('timeout', 0), turnOf(RANK.clientTimeout, index));
    clock.inTurn(() => this.place(index, end), turnOf(RANK.request, index));
  }

  /** The server takes up a request. */
  private place(index: number, end: (outcome: Outcome, status: number) => void): void {
    const { clock, input, arrangement } = this;
    this.placing++;
    const replyFrom = Math.max(this.freeAt.shift() ?? 0, clock.now()) + handlingOf(input);
    this.freeAt.push(replyFrom);
    const arrivedAt = clock.now();
    const reply = (outcome: Outcome, status: number): void => {
      this.placing--;
      const repliedAt = Math.max(clock.now(), replyFrom);
      arrangement.parts.spans?.replied(index, arrivedAt, repliedAt, status, 'run');
      clock.at(repliedAt, () => end(outcome, status), turnOf(RANK.reply, index));
    };
    arrangement.place(orderOf(index)).then((status) => reply('ok', status === 'accepted' ? 202 : 200), () => reply('http5xx', 500));
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

  constructor(users: Users, done: Done) {
    this.users = users;
    this.done = done;
  }

  send(intendedAt: number): void {
    this.users.send(intendedAt, (row, outcome, status) => {
      this.users.journal.end(row, this.users.now, outcome, status, true);
      this.done(this, true);
    });
  }
}

function measured(input: TrialInput, { parts }: Arrangement, users: Users, endedAt: number): Promise<MeasuredTrial> {
  return parts.held().then((held) => {
    const { architecture, base, round, load, subject, seed, warmup, duration } = input;
    const { journal, window, received, receivedWarmup } = users;
    const services = Array.from(parts.services.values(), (service) => service.report(0));
    const kept = parts.spans?.read();
    const traced: TracedTrial | null = kept
      ? {
          run: NO_RUN, graph: callGraphOf(subject), url: 'http://127.0.0.1:3000/orders', method: 'POST', origins: {}, bus: 'memory', epoch: Date.UTC(2026, 0, 1),
          observations: journal.observations(), kept: [kept], services, history: parts.history(),
        }
      : null;
    const trial = measureTrial({
      head: { architecture, base, round, load },
      subject,
      seed,
      window: { startAt: window.startAt, duration, warmup, endedAt, startedAt: '' },
      load: { observations: journal.observations(), window: window.edges, usage: IDLE, schedule: journal.schedule(), retried: 0, connections: 0 },
      server: { received, receivedWarmup, steps: parts.steps.map(({ report }) => report), history: parts.history(), services, usage: IDLE },
      services: { services, usage: null },
      held,
    });
    return traced ? { ...trial, [TRACED]: traced } : trial;
  });
}
