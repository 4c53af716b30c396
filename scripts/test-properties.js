// A campaign: every property on ten times as many cases, and on new ones: npm run test:properties [-- test/load ...]
// FC_SEED=n tries those of a campaign again, FC_RUNS=n tries n times as many as the tests do.
import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';

const { FC_SEED = String(randomInt(2 ** 31)), FC_RUNS = '10' } = process.env;
const wanted = process.argv.slice(2);

const files = readdirSync('test', { recursive: true })
  .map((file) => `test/${file.replaceAll('\\', '/')}`)
  .filter((file) => file.endsWith('.test.ts') && readFileSync(file, 'utf8').includes("'fast-check'"))
  .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)));
if (files.length === 0) throw new Error(`no file with properties has ${wanted.join(' or ')} in its name`);

console.log(`${files.length} files, FC_SEED=${FC_SEED} FC_RUNS=${FC_RUNS}`);
const { status } = spawnSync('npx', ['vitest', 'run', '--testTimeout', '600000', ...files], {
  stdio: 'inherit',
  env: { ...process.env, FC_SEED, FC_RUNS },
});
console.log(`again with: FC_SEED=${FC_SEED} FC_RUNS=${FC_RUNS} npm run test:properties${wanted.length > 0 ? ` -- ${wanted.join(' ')}` : ''}`);
process.exitCode = status ?? 1;
