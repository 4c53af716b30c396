/** How well the clocks of several hosts are known. */
import type * as v from 'valibot';
import { byName, count, ms, plainNumber, section } from '../../base/described.js';

const hostClock = section('HostClock', 'The clock of a host as it was read on the one that all moments of the trial are on.', {
  offset: ms('What was added to its moments in the middle of the trial.', -12.4),
  driftPpm: plainNumber('What the common clock gains on it, parts per million.', 3.1),
  bound: ms('A moment is wrong by no more.', 0.19),
  roundTrip: ms('Least time there and back of the messages that it was compared by.', 0.38),
  exchanges: count('How many there were.', 200),
});
/** The clock of a host as it was read on the one that all moments of the trial are on. */
export type HostClock = v.InferOutput<typeof hostClock>;

export const hostClocks = section('HostClocks', 'What is known of the clocks of a trial whose processes were on several hosts.', {
  hosts: byName(hostClock, 'By process: `server`, `consumers`, `generator 1`. One that is missing has the common clock.'),
  lagBound: ms('An event lag is wrong by no more.', 0.3),
  completionBound: ms('A completion time is wrong by no more.', 0.4),
});
/** What is known of the clocks of a trial whose processes were on several hosts. */
export type HostClocks = v.InferOutput<typeof hostClocks>;
