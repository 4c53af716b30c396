/** From when on workers are what is waited for. */

/** Share of the workers' time from which a service counts as saturated. */
export const SATURATED = 0.9;
/** A wait for a worker, as a share of what it is held against, below which nobody notices. */
export const WAITING = 0.1;
