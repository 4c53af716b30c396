/** Runs before every test file of the unit and the statistics tier. */
import { afterAll, beforeAll } from 'vitest';
import { setGuard } from './support/guard.js';
// Before the guard is set: what virtual time needs is kept there.
// oxlint-disable-next-line import/no-unassigned-import
import './support/real-time.js';

const guard = setGuard();

// Not while modules are loaded: a clock may be read once to be set.
guard.armed = false;

beforeAll(() => {
  guard.armed = true;
});

afterAll(() => {
  guard.armed = false;
});
