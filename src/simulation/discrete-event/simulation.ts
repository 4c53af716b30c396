/** One trial in virtual time: the parts put together, and what happens handed to them until nothing happens any more. */
import { callGraphOf } from '../../scenarios/architectures.js';
import { awaitedDeliveries, callsIn, compensationOf, consumersOf, delayOf, deliveriesAtOnce, fallbackOf, publishedIn, type CallGraph, type StreamConsumer } from '../../scenarios/call-graph.js';
import { kindPositions, rangesOf } from '../../scenarios/kinds.js';
import { deliveryFaultsOf, poisonLottery } from '../../scenarios/delivery-faults.js';
import { busModelOf } from '../buses.js';
import { Bus, type BusParts } from './bus.js';
import { FaultyConsumer } from './faulty-consumer.js';
import { Clients } from './clients.js';
import { QueuedConsumer, type ConsumerOptions } from './consumer.js';
import { EffectBook } from './effect-book.js';
import { EventQueue, kindOf, OVER, rowOf } from './event-queue.js';
import { FlowOrder } from './flow.js';
import { IndependentConsumer, isIndependent } from './independent-consumer.js';
import { addedTime, deliveryTime, publishTime } from './machine.js';
import { EVENT, handlingOf, type TrialInput, type VirtualWindow } from './model.js';
import { Quorums } from './quorums.js';
import { ProcessFaults } from './process-faults.js';
import { plannedDowntimes, uptimeOf, windowOf, type Downtime, type Uptime } from './processes.js';
import { repliesOf, type Replies } from './replies.js';
import { RequestLog } from './request-log.js';
import { REQUEST_IS, RequestTable } from './request-table.js';
import { Saga } from './saga.js';
import { Scalers } from './scalers.js';
import { Server } from './server.js';
import type { Subscriber } from './subscriptions.js';
import { Timeouts } from './client-timeouts.js';
import { TrialCalls } from './trial-calls.js';
import type { WaitingStation } from './waiting-station.js';

/** The virtual world of one trial. */
export class Simulation {
  readonly graph: CallGraph;
  readonly log: RequestLog;
  readonly bus: Bus | null;
  readonly calls: TrialCalls;
  readonly queue: EventQueue;
  readonly window: VirtualWindow;
  private readonly input: TrialInput;
  private readonly requests = new RequestTable();
  readonly scalers: Scalers;
  private readonly server: Server;
  private readonly saga: Saga | null;
  private readonly replies: Replies | null;
  readonly clients: Clients;
  private readonly faults: ReturnType<typeof deliveryFaultsOf>;
  /** When processes do nothing on purpose, in order of time. */
  readonly downtimes: readonly Downtime[];
  private readonly processFaults: ProcessFaults;
  private readonly serverUptime: Uptime | null;
  /** Of the process that the consumers are in. */
  private readonly consumerUptime: Uptime | null;
  /** The last request has ended: what is left is waited for. */
  private isDraining = false;

  constructor(input: TrialInput) {
    this.input = input;
    this.downtimes = plannedDowntimes(input);
    this.window = windowOf(input, this.downtimes);
    this.queue = new EventQueue(new Timeouts(EVENT.clientTimeout, input.timeout, this.requests));
    const { queue, requests, window } = this;
    const { kinds } = input.subject;
    this.graph = callGraphOf(input.subject);
    this.faults = deliveryFaultsOf(input.subject.faults);
    this.serverUptime = uptimeOf('server', this.downtimes);
    this.consumerUptime = uptimeOf(this.consumerProcess, this.downtimes);
    const brokerUptime = uptimeOf('broker', this.downtimes);
    this.scalers = new Scalers(queue, window, this.consumerUptime);
    this.calls = new TrialCalls(input, { queue, window, scalers: this.scalers, uptimeOf: (process) => (process === 'server' ? this.serverUptime : this.consumerUptime) });
    const { callers, runners, table } = this.calls;
    const effects = new EffectBook();
    this.log = new RequestLog(queue, requests, window, effects, { kinds, kindOf: kindPositions(kinds ?? [], input.seed) });
    const { streams } = this.graph;
    const submitted = submissionOf(this.graph);
    const kindNames = kinds?.map(({ name }) => name);
    // Of each kind one draw as well as any.
    const draws = kinds ? rangesOf(kinds).map(({ from }) => from) : [0];
    const publishing = streams.map(({ name, publish }) => publishTime(input.seed, name, publish, input));
    const flow = new FlowOrder(submitted?.flow ?? this.graph.request, streams, kindNames);
    this.saga = flow.hasCompensations ? new Saga({ queue, requests, effects, length: flow.taskOf.length }) : null;
    this.server = new Server({
      queue, requests, callers, runners, flow, saga: this.saga, effects,
      quorums: flow.quorums.length > 0 ? new Quorums(submitted?.flow ?? this.graph.request, queue, requests) : null,
      submissions: streams.findIndex(({ tells }) => tells === 'outcome'),
      awaited: draws.map((draw) => awaitedDeliveries(this.graph, draw)), handling: handlingOf(input), processes: input.subject.server.processes,
      replying: addedTime(input.seed, 'reply', input.machine?.reply), publishing,
      uptime: this.serverUptime, brokerUptime,
    });
    this.replies = repliesOf(this.graph, input, { queue, requests, server: this.server, serverUptime: this.serverUptime, consumerUptime: this.consumerUptime, brokerUptime });
    const { replies, consumerUptime } = this;
    this.bus = streams.length > 0 ? new Bus({ queue, requests, server: this.server, window, streams, publishing, replies, uptime: consumerUptime, ...this.busFaults() }) : null;
    this.addCallers();
    this.clients = new Clients(input, { queue, requests, window, log: this.log, server: this.server });
    const { bus, server, clients } = this;
    this.processFaults = new ProcessFaults(this.downtimes, { queue, requests, callers, calls: table, server, clients, bus, scalers: this.scalers, consumersIn: this.consumerProcess, busModel: busModelOf(input.bus) });
    this.connect();
  }

  private get consumerProcess(): 'server' | 'consumer' {
    return busModelOf(this.input.bus).isSeparate ? 'consumer' : 'server';
  }

  /** Whether consumers lose what they have, because their deliveries are dropped on purpose or die with their process. */
  private get loses(): boolean {
    return this.faults.deliveries.drop > 0 || (this.consumerProcess === 'server' && this.downtimes.some(({ fault }) => fault.kind === 'crash'));
  }

  private busFaults(): Pick<BusParts, 'loses' | 'isPoison'> {
    const { poison } = this.faults;
    const hasPoison = poison.share > 0 || poison.orders.length > 0;
    return { loses: this.loses, isPoison: hasPoison ? poisonLottery(poison, this.input.seed) : null };
  }

  /** Lets everything happen. */
  run(): void {
    const { queue } = this;
    this.clients.start();
    this.processFaults.plan();
    for (let entry = queue.next(); entry !== OVER; entry = queue.next()) {
      this.happen(kindOf(entry), rowOf(entry));
      if (this.isDraining && this.isQuiet) queue.stop();
    }
    this.close();
  }

  private happen(kind: number, row: number): void {
    switch (kind) {
      case EVENT.answer:
        return this.calls.callerOf(row).answered(row);
      case EVENT.request:
        return this.server.arrive(row);
      case EVENT.read:
        return this.server.read(row);
      case EVENT.reply:
        return this.clients.replied(row);
      case EVENT.published:
        return this.server.published(row);
      case EVENT.submitted:
        return this.server.submitted(row);
      case EVENT.taken:
        return this.bus!.taken(row);
      case EVENT.resumed:
        return this.bus!.resume(row);
      case EVENT.repeated:
        return this.bus!.comeAgain(row);
      case EVENT.released:
        return this.bus!.startHeld(row);
      case EVENT.endedAtOnce:
        return this.bus!.endedAtOnce(row);
      case EVENT.dropped:
        return this.bus!.lose(row);
      case EVENT.delivery:
        return (this.bus!.subscriptions.consumers[row] as QueuedConsumer).deliver();
      case EVENT.callTimeout:
        return this.calls.callerOf(row).timedOut(row);
      case EVENT.served:
        return (this.calls.callerOf(row).station as WaitingStation).served(row);
      case EVENT.retry:
        return this.calls.callerOf(row).attempt(row);
      case EVENT.paced:
        return this.calls.callerOf(row).make(row);
      case EVENT.handedOver:
        return this.bus!.handOver(row);
      case EVENT.due:
        return this.bus!.due(row);
      case EVENT.batchWatch:
        return this.calls.batches.look(row);
      case EVENT.workersUp:
        return this.scalers.workersUp(row);
      case EVENT.workersLook:
        return this.scalers.stopSpare(row);
      case EVENT.clientTimeout:
        return this.clients.timedOut(row);
      case EVENT.again:
        return this.clients.sendAgain(row);
      case EVENT.ready:
        return this.clients.ready(row);
      case EVENT.arrival:
        return this.clients.arrive();
      case EVENT.windowEnd:
        return this.clients.endWindow();
      case EVENT.deadline:
        return this.server.late(row);
      case EVENT.told:
        return this.replies!.told(row);
      case EVENT.groupOver:
        return this.server.groupOver(row);
      case EVENT.deliveryBegins:
        return this.independent(row).begin(row);
      case EVENT.deliveryEnds:
        return this.independent(row).end(row);
      case EVENT.down:
        return this.processFaults.begin(row);
      case EVENT.up:
        return this.processFaults.end(row);
    }
  }

  private independent(delivery: number): IndependentConsumer {
    return this.bus!.deliveries.consumerOf(delivery) as IndependentConsumer;
  }

  /** Nothing is under way on a server that publishes, or undoes, and no event waits. */
  private get isQuiet(): boolean {
    if (!this.processFaults.areOver) return false;
    if (this.bus === null && this.saga === null) return true;
    return this.server.isQuiet && (this.bus === null || this.bus.books.isIdle);
  }

  /** What is under way when the trial ends is accounted for as it stands. */
  private close(): void {
    this.bus?.books.close();
    this.log.close(this.bus !== null);
  }

  /**
   * The calls of the request's flow are the server's, those of consumers the bus's. Callers stand in the order of the graph's
   * calls; consumers as they are subscribed live, the last stream's first.
   */
  private addCallers(): void {
    const { bus, calls, server, graph, saga } = this;
    const submitted = submissionOf(graph);
    const flow = submitted?.flow ?? graph.request;
    const process = submitted ? this.consumerProcess : 'server';
    for (const call of callsIn(flow)) calls.add(call, server, process);
    for (const [position, call] of callsIn(flow).entries()) calls.addFallback(fallbackOf(call), position, process);
    for (const [position, call] of callsIn(flow).entries()) calls.addCompensation(compensationOf(call), position, process, saga);
    if (!bus) return;
    const subscribed = consumersOf(graph.streams.toReversed());
    const made = new Map(consumersOf(graph.streams).map((one) => [one, this.newSubscriber(one, one === submitted, subscribed.indexOf(one), bus)]));
    const positionOf = (name: string): number => graph.streams.findIndex((stream) => stream.name === name);
    for (const stream of graph.streams.toReversed()) {
      for (const consumer of stream.consumers) {
        // What the consumer of submissions publishes is a task of the flow that it runs.
        const publishes = consumer === submitted ? [] : publishedIn(consumer.flow).map(positionOf);
        bus.subscriptions.add(made.get(consumer)!, positionOf(stream.name), publishes, deliveryTime(this.input.seed, consumer.name, this.input));
      }
    }
  }

  private newSubscriber(consumer: StreamConsumer, isSubmission: boolean, position: number, bus: Bus): Subscriber {
    const { queue, window, graph, calls, input: { subject } } = this;
    const { name, scaling, attempts, backoff } = consumer;
    const delay = delayOf(consumer, this.input.seed);
    const options = { name, workers: deliveriesAtOnce(consumer), scaling, attempts, backoff, delay, loses: this.loses, mayDie: this.downtimes.some(({ fault }) => fault.kind === 'crash') };
    if (isSubmission) return this.newQueued(options, (delivery) => bus.stepsFor(delivery), position, bus);
    // What it publishes when it has done is the bus's to do.
    const call = callsIn(consumer.flow)[0]!;
    const { service } = calls.stationOf(call);
    if (!isIndependent(consumer, graph, service) || subject.faults.length > 0) {
      const runner = calls.add(call, bus, this.consumerProcess);
      return this.newQueued(options, (delivery) => bus.callFor(delivery, runner), position, bus);
    }
    const parts = { queue, bus, window, seed: this.input.seed, draws: calls.drawsOf(call, service), scalers: this.scalers, position };
    const independent = new IndependentConsumer(options, call, service, parts);
    calls.named.push({ name: call.name, tally: independent.calls, station: independent.station });
    return { consumer: independent, faulty: null };
  }

  private newQueued(options: ConsumerOptions, work: (delivery: number) => void, position: number, bus: Bus): Subscriber {
    const { queue, window, input, scalers, faults: { deliveries } } = this;
    if (Object.values(deliveries).every((value) => value === 0)) return { consumer: new QueuedConsumer(options, work, position, queue, window, scalers), faulty: null };
    const faulty = new FaultyConsumer(options.name, deliveries, input.seed, bus.deliveries, queue, work, this.consumerUptime);
    // While one is held back another may be worked on.
    const workers = options.workers + (deliveries.reorder > 0 ? 1 : 0);
    return { consumer: new QueuedConsumer({ ...options, workers }, (delivery) => faulty.begin(delivery), position, queue, window, scalers), faulty };
  }

  /** Who tells whom. */
  private connect(): void {
    const { server, clients, bus, log, queue, input } = this;
    server.bus = bus;
    server.settled = (row) => {
      if (this.requests.is(row, REQUEST_IS.superseded)) server.release(log.supersede(row));
      else log.settle(row, bus !== null);
    };
    server.refused = (row) => clients.refused(row);
    clients.over = () => {
      this.isDraining = true;
      queue.until = Math.max(queue.now, this.processFaults.lastEnd) + input.drain;
    };
  }
}

/** The consumer that runs the flow of a request that is only submitted, if there is one; every other one makes one call. */
function submissionOf({ streams }: CallGraph): StreamConsumer | undefined {
  return streams.find(({ tells }) => tells === 'outcome')?.consumers[0];
}
