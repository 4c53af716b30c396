// Chains of one step of which arithmetic knows what they carry: even and Poisson arrivals, quick and slow, with and without a pause of the users.

const QUICK = 'services: { a: { latency: 100ms, workers: 10 } }\nsteps: [{ call: a, critical: true, timeout: 1m }]\n';
const SLOW = 'services: { a: { latency: 8s, workers: 100 } }\nsteps: [{ call: a, critical: true, timeout: 1m }]\n';

/**
 * The limit is the unloaded p95 doubled: 200 ms and 16 s. Ten workers of 100 ms serve 100 a second, a hundred of 8 s 12.5; by Little's law users are
 * those served per second x (limit + pause). Of Poisson arrivals 5 % wait for the ten workers longer than the 100 ms that are left at 87.5 a second already: Erlang's
 * C(10, 8.75) = 0.6, times exp(-2 x (100 - 87.5) x 0.1), the tail of a queue whose work is constant.
 * @type {{ name: string, chain: string, load: string, options: string[], expected: number }[]}
 */
export const CASES = [
  { name: 'even arrivals, a quick chain', chain: QUICK, load: 'rate: 1', options: ['--rate', '--from', '20'], expected: 100 },
  { name: 'Poisson arrivals, a quick chain', chain: QUICK, load: 'rate: 1, arrivals: poisson', options: ['--rate', '--from', '20'], expected: 87.5 },
  { name: 'even arrivals, a slow chain', chain: SLOW, load: 'rate: 1', options: ['--rate', '--from', '3'], expected: 12.5 },
  { name: 'Poisson arrivals, a slow chain', chain: SLOW, load: 'rate: 1, arrivals: poisson', options: ['--rate', '--from', '3'], expected: 12.5 },
  { name: 'users, a quick chain', chain: QUICK, load: 'users: 1', options: [], expected: 20 },
  { name: 'users who pause, a quick chain', chain: QUICK, load: 'users: 1, think: 900ms', options: [], expected: 110 },
  { name: 'users, a slow chain', chain: SLOW, load: 'users: 1', options: [], expected: 200 },
  { name: 'users who pause, a slow chain', chain: SLOW, load: 'users: 1, think: 1s', options: [], expected: 212.5 },
];

/** The scenario of a case. */
export function scenarioOf({ chain, load }) {
  return `${chain}load: { ${load}, timeout: 2m }\n`;
}
