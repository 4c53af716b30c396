/** Erlang's loss and delay formulas. */

/**
 * Share of calls turned away by `servers` without a queue (Erlang B), by the recursion
 * B(0) = 1, B(k) = a B(k-1) / (k + a B(k-1)), which neither overflows nor cancels.
 * Source: A. K. Erlang (1917); recursion: Kleinrock, Queueing Systems I (1975), section 3.5.
 * @param servers whole number, 0 or more
 * @param load offered load in erlangs: arrivals per second times seconds of service
 */
export function erlangB(servers: number, load: number): number {
  let blocked = 1;
  for (let k = 1; k <= servers; k++) blocked = (load * blocked) / (k + load * blocked);
  return blocked;
}

/**
 * Share of calls that have to wait for one of `servers` (Erlang C); 1 when the load is as much as they can serve.
 * C = B / (1 - rho (1 - B)) with rho = load / servers.
 */
export function erlangC(servers: number, load: number): number {
  if (load >= servers) return 1;
  const blocked = erlangB(servers, load);
  return blocked / (1 - (load / servers) * (1 - blocked));
}
