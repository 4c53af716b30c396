import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readHistory } from '../../src/events/durable.js';

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'history-'));
  path = join(folder, 'consumer.history');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('fileRecorder', () => {
  it('loses nothing that was recorded when its process is killed', async () => {
    const script = `
      import { fileRecorder } from ${JSON.stringify(new URL('../../dist/events/durable.js', import.meta.url).href)};
      const recorder = fileRecorder(process.argv[1]);
      for (let i = 0; ; i++) {
        recorder.record({ kind: 'attempted', event: 'e' + i, request: i, sequence: 1, consumer: '', at: i });
        if (i % 100 === 0) process.stdout.write(i + '\\n');
      }`;
    const writer = spawn(process.execPath, ['--input-type=module', '-e', script, path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let told = '';
    writer.stdout.on('data', (chunk: Buffer) => {
      told += chunk.toString();
      if (told.length > 3000) writer.kill('SIGKILL');
    });
    await once(writer, 'close');
    const last = Number(told.slice(0, told.lastIndexOf('\n')).split('\n').at(-1));
    const history = readHistory(path);
    expect(history.length).toBeGreaterThan(last);
    expect(history.every(({ request }, i) => request === i)).toBe(true);
  });
});
