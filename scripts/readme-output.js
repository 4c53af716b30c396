// Runs the default bench and writes what it printed, and on which machine, into the README, between its two marks.
// Usage: npm run docs:output   (about a minute and a half, with nothing else running)
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { terminalReport } from '../dist/report/terminal.js';
import { writePart } from './document-part.js';

const folder = mkdtempSync(path.join(os.tmpdir(), 'sync-vs-events-'));
const file = path.join(folder, 'run.json');
const binary = fileURLToPath(new URL('../bin/sync-vs-events.js', import.meta.url));
const { status } = spawnSync(process.execPath, [binary, 'bench', '--quiet', '-o', `json=${file}`], { stdio: 'inherit' });
if (status !== 0) throw new Error(`the bench ended with ${status}`);
const record = JSON.parse(readFileSync(file, 'utf8'));
rmSync(folder, { recursive: true });

const { node, cores, cpu, os: system } = record.environment;
const report = terminalReport({ ...record, command: ['bench'] }, { columns: 100, colour: false, unicode: true, tty: false });
const machine = `Printed by \`npm run docs:output\` on ${cores} cores (${cpu}), ${system.split(' ')[0]}, Node ${node}.`;
// What follows would make the README a long one.
const [numbers] = report.split('\n\nAt the same orders (predicted)\n');
writePart('README.md', 'output', `\`\`\`text\n${numbers}\n\`\`\`\n\nThe same orders for both, charts, remarks and the command to repeat it follow. ${machine}`);
