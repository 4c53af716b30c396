import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { reveal } from '../../../src/base/secret.js';
import { UserError } from '../../../src/base/errors.js';
import { ProcessGroup } from '../../../src/experiment/process-group.js';
import { ask, isOpen } from '../../../src/experiment/target/ask.js';
import { startTarget } from '../../../src/experiment/target/command.js';
import { commandOf, freePort, targetOf } from '../../support/target/targets.js';
import { isAlive } from '../../support/processes.js';

const groups: ProcessGroup[] = [];
afterEach(async () => {
  for (const group of groups.splice(0)) await group.stop();
});

function newGroup(): ProcessGroup {
  const group = new ProcessGroup();
  groups.push(group);
  return group;
}

describe('the command of a target', () => {
  it('is started, waited for and ended', async () => {
    const target = await targetOf('ok');
    const group = newGroup();
    await startTarget(group, target);
    expect((await ask(reveal(target.url))).status).toBe(200);
    await group.stop();
    expect(await isOpen(reveal(target.url))).toBe(false);
  });

  it.each(['helped', 'stubborn'])('is ended with everything it started, also when it is %s', async (behaviour) => {
    const port = await freePort();
    const mark = `mark-${port}`;
    const target = await targetOf('ok', { url: `http://127.0.0.1:${port}/`, command: commandOf(port, behaviour, mark) });
    const group = newGroup();
    await startTarget(group, target);
    expect(await isAlive(mark)).toBe(true);
    await group.stop();
    expect(await isOpen(reveal(target.url))).toBe(false);
    expect(await isAlive(mark)).toBe(false);
  });

  it('is said to have failed, with its last words', async () => {
    const target = await targetOf('fails');
    await expect(startTarget(newGroup(), target)).rejects.toThrow(
      /^shop: its command \(.*\) ended with code 3 and said: no database: giving up\.$/,
    );
  });

  it('gives the trial up when it ends later', async () => {
    const target = await targetOf('dies');
    const group = newGroup();
    await startTarget(group, target);
    for (let i = 0; i < 21; i++) await ask(reveal(target.url)).catch(() => {});
    await expect(group.failure).rejects.toThrow(/ended with code 7/);
  });

  it('is not started where something serves already', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const target = await targetOf('ok', { url: `http://127.0.0.1:${port}/` });
    await expect(startTarget(newGroup(), target)).rejects.toThrow(`shop: something serves at 127.0.0.1:${port} already`);
    server.close();
  });

  it.each([
    ['sleep 30', null, 'nothing accepts connections at 127.0.0.1:'],
    ['sleep 30', '/health', '/health does not answer'],
  ])('that never serves is given up (%s, ready %s)', async (command, ready, trouble) => {
    const target = await targetOf('ok', { command, ready, startup: 300 });
    const starting = startTarget(newGroup(), target);
    await expect(starting).rejects.toThrow(UserError);
    await expect(starting).rejects.toThrow('shop did not serve within 300ms: ');
    await expect(starting).rejects.toThrow(trouble);
  });

  it('ends when this tool is killed', async () => {
    const target = await targetOf('ok');
    const script = new URL('../../support/target/parent.js', import.meta.url);
    const parent = fork(script, [JSON.stringify(target)]);
    await once(parent, 'message');
    expect(await isOpen(reveal(target.url))).toBe(true);
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    await expect.poll(() => isOpen(reveal(target.url)), { timeout: 20_000 }).toBe(false);
  });
});
