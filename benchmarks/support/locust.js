/** Runs the script that `export locust` writes, in one process of Locust on this machine. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { COMMAND } from './bench.js';

/** Of `/proc`, where a tick is 10 ms everywhere. */
const TICK = 10;
const EVERY = 100;

export function hasLocust() {
  return process.platform === 'linux' && spawnSync('locust', ['--version'], { stdio: 'ignore' }).error === undefined;
}

/**
 * Loads a URL by GET.
 * @param load options of `export`
 * @returns response times from the intended start, ms, of the requests of the window, and the CPU time that the process took from its start on, ms
 */
export async function runLocust(url, { load, seconds }) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sync-vs-events-'));
  try {
    writeFileSync(path.join(folder, 'server.yaml'), JSON.stringify({ targets: { server: { url } } }));
    execFileSync(process.execPath, [COMMAND, 'export', 'locust', 'server.yaml', '-a', 'server', ...load, '-d', `${seconds}s`, '--warmup', '500ms', '-o', '.'], { cwd: folder, stdio: 'pipe' });
    const usage = await run(folder, seconds);
    const lines = readFileSync(path.join(folder, 'rows.jsonl'), 'utf8').trim().split('\n').map((line) => JSON.parse(line));
    const rows = lines.flatMap(({ row }) => (row && row[0] >= 0 ? [row] : []));
    return { times: rows.map(([, intendedAt, , endedAt]) => endedAt - intendedAt), cpu: cpuFrom(usage, lines[0].startedAt) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** To its end. @returns the time of the day, ms, and the CPU time that it had taken by then, ms, again and again */
async function run(folder, seconds) {
  const args = ['-f', 'locustfile.py', '--headless', '-u', '1', '-r', '1', '-t', `${seconds + 30}s`];
  const locust = spawn('locust', args, { cwd: folder, stdio: 'ignore' });
  const usage = [];
  const sampling = setInterval(() => usage.push([Date.now(), cpuOf(locust.pid)]), EVERY);
  const code = await new Promise((resolve) => locust.on('close', resolve));
  clearInterval(sampling);
  // 1 says that requests failed, which the rows tell.
  if (code !== 0 && code !== 1) throw new Error(`locust ended with code ${code}`);
  return usage;
}

function cpuOf(pid) {
  try {
    // The name of a program stands in brackets and may hold anything; what follows is numbers.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return TICK * (Number(fields[11]) + Number(fields[12]));
  } catch {
    return Number.NaN;
  }
}

/** What it took from a moment on: the end is its own, when the last row is written. */
function cpuFrom(usage, from) {
  const known = usage.filter(([, cpu]) => !Number.isNaN(cpu));
  return known.at(-1)[1] - known.findLast(([at]) => at <= from)[1];
}
