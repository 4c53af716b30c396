/** The server of a live trial in virtual time: a process that may be stopped, and killed and started again. */
import { arrange, type Arrangement } from '../../src/architectures/arrange.js';
import { embedded } from '../../src/architectures/parts.js';
import { orderOf } from '../../src/architectures/order.js';
import type { StepReport } from '../../src/architectures/architecture.js';
import type { HistoryEntry } from '../../src/events/history.js';
import type { Outcome } from '../../src/load/load.js';
import { callGraphOf } from '../../src/scenarios/architectures.js';
import { RANK, turnOf } from '../../src/scenarios/turn.js';
import { SimulatedService, type Call } from '../../src/services/simulated.js';
import { handlingOf, type TrialInput } from '../../src/simulation/discrete-event/model.js';
import { plannedDowntimes, Uptime } from '../../src/simulation/discrete-event/processes.js';
import { ProcessClock } from './process-clock.js';
import type { VirtualClock } from './virtual-clock.js';

/** Before anything else of a moment. */
const FIRST = { rank: -1, request: 0, place: 0, call: 0 };

type Edges = Parameters<Arrangement['parts']['observe']>[0];

/** How a request ended, and whether a server can have seen it. */
export type End = (outcome: Outcome, status: number, reached: boolean) => void;

/** One life after the other, over services that outlive them. */
export class LiveServer {
  readonly services: ReadonlyMap<string, SimulatedService>;
  /** When the last of its faults is over. */
  readonly lastEnd: number;
  received = 0;
  receivedWarmup = 0;
  arrangement!: Arrangement;
  private readonly input: TrialInput;
  private readonly clock: VirtualClock;
  private readonly uptime: Uptime;
  private readonly keepsSpans: boolean;
  private process: ProcessClock;
  /** Requests that are not answered, in the order sent. */
  private readonly open = new Map<number, End>();
  private placing = 0;
  private edges: Edges | null = null;
  /** When each process of the server is free; they take turns. */
  private freeAt: number[] = [];
  /** Of the lives before. */
  private readonly counted: StepReport[] = [];
  private readonly entries: HistoryEntry[] = [];

  constructor(input: TrialInput, clock: VirtualClock, keepsSpans: boolean) {
    this.input = input;
    this.clock = clock;
    this.keepsSpans = keepsSpans;
    const downtimes = plannedDowntimes(input);
    this.lastEnd = Math.max(0, ...downtimes.map(({ to }) => to));
    this.uptime = new Uptime(downtimes);
    this.process = new ProcessClock(clock, this.uptime);
    this.services = new Map(input.subject.services.map((service) => [service.name, new SimulatedService(service, input.seed, clock)]));
    for (const { from, to } of downtimes.filter(({ fault }) => fault.kind === 'crash')) {
      clock.at(from, () => this.die(), FIRST);
      clock.at(to, () => void this.start(), FIRST);
    }
  }

  async start(): Promise<void> {
    const { input: { subject, seed }, clock, uptime, keepsSpans } = this;
    this.process = new ProcessClock(clock, uptime);
    this.freeAt = Array.from({ length: subject.server.processes }, () => 0);
    this.placing = 0;
    const services = new Map(Array.from(this.services, ([name, service]) => [name, reachedFrom(this.process, service)]));
    const wiring = { ...embedded(undefined, this.process), services };
    this.arrangement = await arrange({ graph: callGraphOf(subject), faults: subject.faults, seed, services: {}, keepsSpans }, wiring);
    if (this.edges) this.arrangement.parts.observe(this.edges);
  }

  /** Every life of it counts within these. */
  observe(edges: Edges): void {
    this.edges = edges;
    this.arrangement.parts.observe(edges);
  }

  get steps(): StepReport[] {
    return [...this.counted, ...this.arrangement.parts.steps.map(({ report }) => report)];
  }

  get history(): HistoryEntry[] {
    return [...this.entries, ...this.arrangement.parts.history()];
  }

  /** Nothing is under way, and no event waits. */
  get isQuiet(): boolean {
    return this.placing === 0 && !this.arrangement.parts.isUndoing && Object.values(this.arrangement.parts.backlog()).every((waiting) => waiting === 0);
  }

  /** A request is on its way. */
  send(index: number, end: End): void {
    const { clock, uptime } = this;
    const turn = turnOf(RANK.request, index);
    const arrive = (): void => {
      if (uptime.isDead(clock.now())) return end('connection', 0, false);
      const at = uptime.back(clock.now());
      if (at === clock.now()) this.place(index, end);
      else clock.at(at, arrive, turn);
    };
    clock.inTurn(arrive, turn);
  }

  /** A request is taken up. */
  private place(index: number, end: End): void {
    const { clock, input, process, arrangement } = this;
    if (index < 0) this.receivedWarmup++;
    else this.received++;
    this.placing++;
    this.open.set(index, end);
    const replyFrom = this.uptime.done(Math.max(this.freeAt.shift() ?? 0, clock.now()), handlingOf(input));
    this.freeAt.push(replyFrom);
    const arrivedAt = clock.now();
    const reply = (outcome: Outcome, status: number): void => {
      if (process.isDead) return;
      this.placing--;
      const repliedAt = Math.max(clock.now(), replyFrom);
      arrangement.parts.spans?.replied(index, arrivedAt, repliedAt, status, 'run');
      clock.at(repliedAt, () => {
        if (process.isDead) return;
        this.open.delete(index);
        end(outcome, status, true);
      }, turnOf(RANK.reply, index));
    };
    arrangement.place(orderOf(index)).then((status) => reply('ok', status === 'accepted' ? 202 : 200), () => reply('http5xx', 500));
  }

  /** What it has counted and seen stays in the books; its connections to services and clients break. */
  private die(): void {
    const { arrangement: { parts }, process, open } = this;
    process.kill();
    this.counted.push(...parts.steps.map(({ report }) => ({ ...report })));
    this.entries.push(...parts.history());
    for (const step of parts.steps) void step.close();
    const cut = [...open].toSorted(([a], [b]) => turnOf(0, a).request - turnOf(0, b).request);
    open.clear();
    for (const [, end] of cut) end('hangup', 0, true);
  }
}

/** A service as a process reaches it: what goes on in one that is dead calls nobody. */
function reachedFrom(process: ProcessClock, service: SimulatedService): SimulatedService {
  const take: SimulatedService['take'] = (path, client) => (process.isDead ? NO_CALL : service.take(path, client));
  return Object.create(service, { take: { value: take }, leave: { value: (call: Call) => service.leave(call) } }) as SimulatedService;
}

const NO_CALL = { ended: true } as Call;
