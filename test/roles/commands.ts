/** Commands of this program as processes of their own, in a folder that goes with them. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { MeasuredTrial, RunRecord } from '../../src/measurement/record.js';

const BIN = path.join(import.meta.dirname, '../../bin/sync-vs-events.js');

/** A command that runs. */
export interface Command {
  process: ChildProcess;
  /** What it has said so far, on both streams. */
  said(): string;
  /** Resolves with what a pattern finds in it, once it does. @throws Error when the command ends before */
  says(pattern: RegExp): Promise<string>;
  ended: Promise<number | null>;
}

export class Commands {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'roles-'));
  private readonly started: Command[] = [];

  start(...args: string[]): Command {
    return this.startProgram(process.execPath, [BIN, ...args]);
  }

  startProgram(program: string, args: readonly string[]): Command {
    const child = spawn(program, args, { cwd: this.folder, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    const ended = once(child, 'close').then(([code]) => code as number | null);
    const looks = new Set<() => void>();
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        for (const look of looks) look();
      });
    }
    const says = (pattern: RegExp): Promise<string> =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = pattern.exec(text);
          if (found) resolve(found[1] ?? found[0]);
        };
        looks.add(look);
        look();
        void ended.then((code) => reject(new Error(`it ended with ${code}: ${text}`)));
      });
    const command = { process: child, said: () => text, says, ended };
    this.started.push(command);
    return command;
  }

  /** Runs one to its end. */
  async run(...args: string[]): Promise<{ code: number | null; said: string }> {
    const command = this.start(...args);
    const code = await command.ended;
    return { code, said: command.said() };
  }

  /** `collect`, and the trial of its record. */
  async collected(folder: string): Promise<{ code: number | null; trial: MeasuredTrial; record: RunRecord }> {
    const { code, said } = await this.run('collect', folder, '--quiet', '-o', 'json=run.json');
    if (code === 2) throw new Error(said);
    const record = JSON.parse(readFileSync(path.join(this.folder, 'run.json'), 'utf8')) as RunRecord;
    return { code, record, trial: record.trials[0] as MeasuredTrial };
  }

  /** Ends what still runs, and removes the folder. */
  async end(): Promise<void> {
    for (const { process: child } of this.started) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await Promise.all(this.started.map(({ ended }) => ended));
    rmSync(this.folder, { recursive: true, maxRetries: 5 });
  }
}
