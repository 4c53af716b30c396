/** What the model knows of each bus, and which faults of processes it can tell there. */
import { prefetchOf } from '../events/prefetch.js';
import type { BusName } from '../events/buses.js';
import type { BusSettings } from '../events/settings.js';
import { BUS_TIMES } from './bus-times.js';
import type { FaultProcess, ProcessFault } from '../scenarios/fault.js';
import type { Subject } from '../scenarios/subject.js';

/** A bus, as the simulation has it. */
export interface BusModel {
  /** Consumers are in a process of their own. */
  isSeparate: boolean;
  /** There is a broker, in a process of its own. */
  hasBroker: boolean;
  /** From the death of a consumer until others may have what it had in hand, ms; 0: as soon as one is back. */
  inHandFor: number;
  /** From the death of a consumer until anything is handed to the next one, ms. */
  rejoinsAfter: number;
}

const BROKER: BusModel = { isSeparate: true, hasBroker: true, inHandFor: 0, rejoinsAfter: 0 };

/** A lease of 5 s that is renewed every third of it has between 3.3 and 5 s left when its owner dies. */
const LEASED_MS = (5000 * 5) / 6;
/** So long a member of a group that has died counts as alive. */
const SESSION_MS = 6000;
/** A lock of 5 s that is renewed every half of it, and looked for once a second when it has run out. */
const LOCKED_MS = (5000 * 3) / 4 + 500;

/** By `docs/events.md`, "What the tool sets". */
const MODELS: Record<BusName, BusModel> = {
  memory: { ...BROKER, isSeparate: false, hasBroker: false },
  outbox: { ...BROKER, hasBroker: false },
  redis: BROKER,
  bullmq: { ...BROKER, inHandFor: LOCKED_MS },
  rabbitmq: BROKER,
  nats: { ...BROKER, inHandFor: LEASED_MS },
  postgres: { ...BROKER, inHandFor: LEASED_MS },
  kafka: { ...BROKER, rejoinsAfter: SESSION_MS },
  sqs: { ...BROKER, inHandFor: LEASED_MS },
};

/** What is known of a bus; without one, of the one in the server's process. */
export function busModelOf(bus: Pick<BusSettings, 'name'> | undefined): BusModel {
  return MODELS[bus?.name ?? 'memory'];
}

/** The bus as it is simulated where nobody has measured it: with the times that this tool knows of it. In the server's process it takes none. */
export function withBusTimes(bus: BusSettings): BusSettings {
  return busModelOf(bus).isSeparate ? { ...bus, times: BUS_TIMES[bus.name] } : bus;
}

/** Events that a consumer has in hand at most. */
export const inHandOf = prefetchOf;

/** A publish waits so long for its broker. */
const PUBLISH_WITHIN_MS = 3000;

/** Processes that a trial has and faults may happen to. */
export function processesOf(bus: BusSettings | undefined, publishes: boolean): FaultProcess[] {
  const { isSeparate, hasBroker } = busModelOf(bus);
  if (!publishes || !isSeparate) return ['server'];
  return hasBroker && bus?.url === null ? ['server', 'consumer', 'broker'] : ['server', 'consumer'];
}

/** Why a fault of a process is not in the model, as the end of a sentence; null: it is. */
export function whyUntold({ kind, process, for: ms }: ProcessFault, bus: BusSettings | undefined, { deadline, steps, event, kinds = [] }: Subject): string | null {
  if (deadline !== undefined || kinds.some((one) => one.deadline !== undefined)) return 'requests with a deadline are not in it together with that';
  if (steps.some(({ compensate }) => compensate)) return 'steps that are undone are not in it together with that';
  if (event.consumers.some(({ batch }) => batch)) return 'batches are not in it together with that';
  if (event.consumers.some(({ delay }) => delay)) return 'delayed events are not in it together with that';
  const { inHandFor, rejoinsAfter } = busModelOf(bus);
  const heldFor = inHandFor || rejoinsAfter;
  if (process === 'broker' && kind === 'crash') return 'what a broker that dies holds up, and hands out again, is its own';
  if (process === 'broker' && ms >= PUBLISH_WITHIN_MS) return `a publish waits ${PUBLISH_WITHIN_MS / 1000} s for its broker at most`;
  if (process === 'consumer' && kind === 'pause' && heldFor > 0 && ms >= heldFor) return `after ${(heldFor / 1000).toFixed(1)} s the bus hands out again what a consumer has in hand`;
  return null;
}
