/** Faults as a scenario asks for them, and as they really happened. */
import * as v from 'valibot';
import { count, described, ms, oneOf, orNull, section, share, text, type Part } from '../../base/described.js';
import { FAULT_PROCESSES, type Fault } from '../../scenarios/fault.js';

const ofDeliveries = share('Deliveries that it happens to.', 0.01);
const poison = described(v.literal('poison'), 'Events that fail at every attempt.', { example: 'poison' });

export const fault = described(v.union([
  v.object({
    kind: oneOf(['crash', 'pause'], '`crash`: SIGKILL, and started again; `pause`: SIGSTOP, and SIGCONT.'),
    process: oneOf(FAULT_PROCESSES, 'To which process.'),
    at: ms('When, from the start of the window.', 3000),
    for: ms('For how long.', 500),
  }),
  v.object({ kind: oneOf(['duplicate', 'drop', 'reorder'], 'Given twice, never given, held back for another one.'), share: ofDeliveries }),
  v.object({ kind: oneOf(['delay'], 'Given late.'), share: ofDeliveries, by: ms('How late.', 50) }),
  v.object({ kind: poison, share: share('Events that it happens to.', 0.01) }),
  v.object({ kind: poison, order: count('Index of the request whose events they are.', 17) }),
]) as unknown as Part<Fault>, 'One fault.', { example: { kind: 'crash', process: 'server', at: 3000, for: 500 } });

export const faultMark = section('FaultMark', 'A fault of a process as it really happened.', {
  fault: text('As it was asked for.', 'crash server at 3s for 500ms'),
  kind: oneOf(['crash', 'pause'], 'Killed, or stopped for a while.'),
  process: oneOf(FAULT_PROCESSES, 'To which process.'),
  at: ms('When it happened, from the start of the window.', 3002),
  until: orNull(ms('When the process was back; null when it was not.', 3510)),
});
/** A planned fault, and when it took effect. */
export type FaultMark = v.InferOutput<typeof faultMark>;
