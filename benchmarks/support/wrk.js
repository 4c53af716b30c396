/** Runs wrk, when it is there. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const POST = fileURLToPath(new URL('post.lua', import.meta.url));
const TO_MS = { us: 0.001, ms: 1, s: 1000, m: 60_000 };

export function hasWrk() {
  return spawnSync('wrk', ['-v'], { stdio: 'ignore' }).error === undefined;
}

/**
 * Loads a URL from one thread. Times and CPU time in ms; `rate` is replies over the time in which there could be any:
 * wrk counts from the start of its connections, and the first reply comes one response time later.
 * @throws Error when its output cannot be read
 */
export function runWrk(url, { connections, seconds, post = false }) {
  const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '--latency', '--timeout', '10s', ...(post ? ['-s', POST] : []), url];
  // The shell knows the CPU time of what it ran.
  const { stdout, stderr } = spawnSync('bash', ['-c', 'TIMEFORMAT="cpu %U %S"; time wrk "$@"', 'wrk', ...args], { encoding: 'utf8' });
  const found = (pattern, text) => {
    const match = pattern.exec(text);
    if (!match) throw new Error(`wrk said something else than expected:\n${stdout}\n${stderr}`);
    return match;
  };
  const percentile = (percent) => {
    const [, value, unit] = found(new RegExp(`^ +${percent}% +([\\d.]+)(us|ms|s|m) *$`, 'm'), stdout);
    return Number(value) * TO_MS[unit];
  };
  const requests = Number(found(/(\d+) requests in/, stdout)[1]);
  const [, user, system] = found(/cpu ([\d.]+) ([\d.]+)/, stderr);
  const p50 = percentile(50);
  const failed = Number(/Non-2xx or 3xx responses: (\d+)/.exec(stdout)?.[1] ?? 0);
  return { requests, failed, rate: requests / (seconds - p50 / 1000), cpu: 1000 * (Number(user) + Number(system)), p50, p99: percentile(99) };
}
