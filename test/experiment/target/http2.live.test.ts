import { readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createSecureServer, createServer as createHttp2Server } from 'node:http2';
import { createServer as createHttpsServer } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { ask } from '../../../src/experiment/target/ask.js';
import { isHttp2Only } from '../../../src/experiment/target/http2.js';
import { runTrial } from '../../../src/experiment/trial.js';
import { planTrials } from '../../../src/experiment/plan.js';
import { measurableOf } from '../../../src/scenarios/subject.js';
import { parseScenario } from '../../../src/scenarios/parse.js';

const file = (name: string): Buffer => readFileSync(new URL(`../../support/hostile/${name}.pem`, import.meta.url));
const certificate = { key: file('key'), cert: file('cert') };
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

describe('a server that speaks HTTP/2 only', () => {
  it.each([
    ['plain HTTP/2', () => createHttp2Server((_, response) => response.end('ok')), 'http', true],
    ['HTTP/2 over TLS', () => createSecureServer(certificate, (_, response) => response.end('ok')), 'https', true],
    ['HTTP/2 and HTTP/1.1 over TLS', () => createSecureServer({ ...certificate, allowHTTP1: true }, (_, response) => response.end('ok')), 'https', false],
    ['HTTP/1.1', () => createHttpServer((_, response) => response.end('ok')), 'http', false],
    ['HTTP/1.1 over TLS', () => createHttpsServer(certificate, (_, response) => response.end('ok')), 'https', false],
    ['something else', () => createTcpServer((socket) => socket.on('error', () => {}).end('SSH-2.0-OpenSSH_9.2\r\n')), 'http', false],
  ])('is known beside others: %s', async (_, create, scheme, only) => {
    const port = await listening(create());
    expect(await isHttp2Only(`${scheme}://127.0.0.1:${port}/`)).toBe(only);
  });

  it('is said to be one by whoever asks it', async () => {
    const port = await listening(createHttp2Server());
    await expect(ask(`http://127.0.0.1:${port}/`)).rejects.toThrow('it speaks HTTP/2 only, and load is sent over HTTP/1.1');
  });

  it('is said to be one by a trial that got no good answer', async () => {
    const port = await listening(createHttp2Server());
    const scenario = parseScenario(`targets: { mine: "http://127.0.0.1:${port}/" }\nload: { users: 2, duration: 300ms, warmup: 0s }\n`, { file: 'x.yaml' });
    const [trial] = planTrials(scenario, [measurableOf(scenario, 'mine')!], 1).trials;
    await expect(runTrial(trial!, new AbortController().signal, () => {})).rejects.toThrow(`mine: no request got a good answer from 127.0.0.1:${port}: it speaks HTTP/2 only`);
  });
});
