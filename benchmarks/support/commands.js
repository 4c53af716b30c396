/** Commands of this program, and what they need, as processes of their own, in a folder that goes with them. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { COMMAND } from './bench.js';

export class Commands {
  folder = mkdtempSync(path.join(tmpdir(), 'roles-'));
  #started = [];

  start(...args) {
    return this.startProgram(process.execPath, [COMMAND, ...args]);
  }

  startProgram(program, args) {
    const child = spawn(program, args, { cwd: this.folder, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    const ended = once(child, 'close').then(([code]) => code);
    const looks = new Set();
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        text += chunk.toString();
        for (const look of looks) look();
      });
    }
    const says = (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = pattern.exec(text);
          if (found) resolve(found[1] ?? found[0]);
        };
        looks.add(look);
        look();
        void ended.then((code) => reject(new Error(`it ended with ${code}: ${text}`)));
      });
    const command = { process: child, said: () => text, says, ended };
    this.#started.push(command);
    return command;
  }

  async run(...args) {
    const command = this.start(...args);
    const code = await command.ended;
    return { code, said: command.said() };
  }

  async collected(folder) {
    const { code, said } = await this.run('collect', folder, '--quiet', '-o', 'json=run.json');
    if (code === 2) throw new Error(said);
    const record = JSON.parse(readFileSync(path.join(this.folder, 'run.json'), 'utf8'));
    return { code, record, trial: record.trials[0] };
  }

  async end() {
    for (const { process: child } of this.#started) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await Promise.all(this.#started.map(({ ended }) => ended));
    rmSync(this.folder, { recursive: true, maxRetries: 5 });
  }
}
