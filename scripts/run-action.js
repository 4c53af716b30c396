// Runs the steps of action.yml on this machine as a GitHub runner would: node scripts/run-action.js [input=value ...]
// Prints what the steps print, then their summary and outputs; ends with the exit code of the first step that fails.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const root = fileURLToPath(new URL('..', import.meta.url));
const action = parse(readFileSync(path.join(root, 'action.yml'), 'utf8'));

/** The inputs: what was given, else their defaults. */
function inputsOf(args) {
  const given = Object.fromEntries(args.map((arg) => [arg.slice(0, arg.indexOf('=')), arg.slice(arg.indexOf('=') + 1)]));
  const unknown = Object.keys(given).filter((name) => !(name in action.inputs));
  if (unknown.length > 0) throw new Error(`action.yml has no input ${unknown.join(', ')}`);
  return Object.fromEntries(Object.entries(action.inputs).map(([name, input]) => [name, given[name] ?? input.default]));
}

/** Text with its `${{ }}` replaced. Only paths into the context: whatever else an action.yml says is an error here. */
function evaluate(text, context) {
  return String(text).replace(/\$\{\{\s*([\w.-]+)\s*\}\}/g, (_, expression) => {
    const value = expression.split('.').reduce((part, name) => part?.[name], context);
    if (value === undefined) throw new Error(`action.yml: ${expression} is not known here`);
    return value;
  });
}

/** `name=value` lines of a file that a step wrote to. */
function readOutputs(file) {
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

function runStep(step, context, files) {
  for (const file of Object.values(files)) writeFileSync(file, '');
  const env = Object.fromEntries(Object.entries(step.env ?? {}).map(([name, value]) => [name, evaluate(value, context)]));
  const { status } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', evaluate(step.run, context)], {
    cwd: step['working-directory'] ? evaluate(step['working-directory'], context) : process.cwd(),
    env: { ...process.env, CI: 'true', GITHUB_ACTIONS: 'true', GITHUB_ACTION_PATH: root, ...files, ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (step.id) context.steps[step.id] = { outputs: readOutputs(files.GITHUB_OUTPUT) };
  return status ?? 1;
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'run-action-'));
const files = { GITHUB_OUTPUT: path.join(folder, 'output'), GITHUB_STEP_SUMMARY: path.join(folder, 'summary') };
const context = { inputs: inputsOf(process.argv.slice(2)), github: { action_path: root }, steps: {} };
let summary = '';
try {
  for (const step of action.runs.steps) {
    console.log(`--- ${step.name}`);
    process.exitCode = runStep(step, context, files);
    summary += readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8');
    if (process.exitCode !== 0) break;
  }
  console.log(`--- summary\n${summary}`);
  for (const [name, { value }] of Object.entries(action.outputs)) console.log(`output ${name}: ${evaluate(value, context)}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
