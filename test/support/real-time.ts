/**
 * The real timers and clocks, kept before the guard of the unit tier replaces them. For what drives virtual time alone: it
 * must let promises settle between two moments. A test that imports this to wait is no unit test.
 */
interface RealTime {
  setImmediate: typeof setImmediate;
  /** Milliseconds of the real clock, to tell how long a test has computed. */
  performanceNow: () => number;
}

const KEPT = Symbol.for('sync-vs-events: real time');
const store = globalThis as { [KEPT]?: RealTime };

// Once a thread: without isolation this module may be loaded again after the guard has been set.
export const realTime: RealTime = (store[KEPT] ??= {
  setImmediate: globalThis.setImmediate,
  performanceNow: performance.now.bind(performance),
});
