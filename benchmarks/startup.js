// What the command costs before it does anything: `--help` and `bench --dry-run` beside a bare `node -e 0`, and the size of its runtime install.
// Usage: npm run bench:startup [-- --runs 21]
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync, lstatSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '21' } } });
const root = fileURLToPath(new URL('..', import.meta.url));

function median(times) {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)];
}

/** Interleaved, so that a drifting machine slows both alike. */
function startupTimes(runs) {
  const program = path.join(root, 'bin/sync-vs-events.js');
  const commands = { bare: ['-e', '0'], help: [program, '--help'], dryRun: [program, 'bench', '--dry-run'] };
  const times = { bare: [], help: [], dryRun: [] };
  for (let run = 0; run < runs; run++) {
    for (const [name, args] of Object.entries(commands)) {
      const start = performance.now();
      spawnSync(process.execPath, args, { stdio: 'ignore' });
      times[name].push(performance.now() - start);
    }
  }
  return { bare: median(times.bare), help: median(times.help), dryRun: median(times.dryRun) };
}

/** Bytes of a file, or of all files of a folder. */
function sizeOf(entry) {
  const stat = lstatSync(entry);
  if (!stat.isDirectory()) return stat.size;
  return readdirSync(entry).reduce((sum, name) => sum + sizeOf(path.join(entry, name)), 0);
}

/** The packages that `npm install sync-vs-events` brings, itself included. */
function runtimeInstall() {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sync-vs-events-'));
  try {
    for (const file of ['package.json', 'package-lock.json']) cpSync(path.join(root, file), path.join(folder, file));
    execFileSync('npm', ['ci', '--omit=dev', '--omit=peer', '--omit=optional', '--ignore-scripts', '--silent'], { cwd: folder, stdio: 'ignore' });
    const [{ unpackedSize }] = JSON.parse(execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: root, encoding: 'utf8' }));
    const installed = sizeOf(path.join(folder, 'node_modules')) + unpackedSize;
    const listed = execFileSync('npm', ['ls', '--all', '--parseable', '--omit=dev'], { cwd: folder, encoding: 'utf8' });
    return { megabytes: installed / 1e6, packages: new Set(listed.trim().split('\n')).size - 1 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const { bare, help, dryRun } = startupTimes(Number(values.runs));
const { megabytes, packages } = runtimeInstall();
const line = (label, value, goal, met) => console.log(`${label.padEnd(34)} ${value.padStart(10)}   goal ${goal.padEnd(10)} ${met ? 'met' : 'MISSED'}`);
console.log(`node ${process.version}, ${os.cpus().length} cores\n`);
console.log(`node -e 0 ${bare.toFixed(0)} ms, --help ${help.toFixed(0)} ms, bench --dry-run ${dryRun.toFixed(0)} ms (medians of ${values.runs})`);
line('--help beside bare node', `+${(help - bare).toFixed(0)} ms`, '<= 60 ms', help - bare <= 60);
line('bench --dry-run', `${dryRun.toFixed(0)} ms`, '<= 150 ms', dryRun <= 150);
line('runtime install', `${megabytes.toFixed(1)} MB`, '< 15 MB', megabytes < 15);
line('runtime packages', String(packages), '<= 130', packages <= 130);
process.exitCode = help - bare <= 60 && dryRun <= 150 && megabytes < 15 && packages <= 130 ? 0 : 1;
