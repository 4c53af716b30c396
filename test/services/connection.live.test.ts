import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openService, type OpenService } from '../../src/services/service.js';
import { callPath } from '../../src/services/services.js';

const open: OpenService[] = [];
const sockets: Socket[] = [];

async function dial(workers: number | 'unlimited' = 'unlimited', queue: number | 'unlimited' = 'unlimited') {
  const model = { name: 'email', latency: { kind: 'constant', ms: 10 }, workers, queue, errors: 0, outages: [], abandoned: 'finish' } as const;
  const service = await openService({ ...model, outages: [] }, 1);
  open.push(service);
  const socket = connect(Number(new URL(service.url).port), '127.0.0.1');
  sockets.push(socket);
  const heard = { text: '', closed: false };
  socket.on('data', (chunk) => (heard.text += chunk.toString()));
  socket.on('close', () => (heard.closed = true));
  socket.on('error', () => {});
  return { service, socket, heard };
}

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await Promise.all(open.splice(0).map((service) => service.close()));
});

function call(request: number, { headers = '', body = '' } = {}): string {
  return `POST ${callPath('email', request, 0)} HTTP/1.1\r\nhost: here\r\n${headers}content-length: ${body.length}\r\n\r\n${body}`;
}

function statuses(text: string): string[] {
  return Array.from(text.matchAll(/HTTP\/1\.1 (\d+)/g), ([, status]) => status ?? '');
}

describe('a connection to a service', () => {
  it('has calls that come together taken one after another, with and without a body', async () => {
    const { service, socket, heard } = await dial();
    socket.write(call(1) + call(2, { body: 'POST me' }) + call(3));
    await vi.waitFor(() => expect(statuses(heard.text)).toEqual(['200', '200', '200']), { interval: 2 });
    const { received, peak, calls } = service.report();
    expect(received).toBe(3);
    expect(peak.inProgress).toBe(1);
    expect(Array.from(calls.request)).toEqual([1, 2, 3]);
  });

  it('has a call that comes in pieces taken once', async () => {
    const { service, socket, heard } = await dial();
    socket.setNoDelay(true);
    for (const piece of call(1, { body: 'abc' })) {
      socket.write(piece);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await vi.waitFor(() => expect(statuses(heard.text)).toEqual(['200']), { interval: 2 });
    expect(service.report().received).toBe(1);
  });

  it('goes on after calls that were turned away at once', async () => {
    const { service, socket, heard } = await dial(0, 0);
    socket.write(Array.from({ length: 2000 }, (_, request) => call(request)).join(''));
    await vi.waitFor(() => expect(statuses(heard.text)).toHaveLength(2000), { interval: 5 });
    expect(new Set(statuses(heard.text))).toEqual(new Set(['503']));
    expect(service.report().received).toBe(2000);
  });

  it.each([
    ['what is no HTTP', 'hello?', '400'],
    ['a body of unknown length', call(1, { headers: 'transfer-encoding: chunked\r\n' }), '400'],
    ['another path', 'POST /health HTTP/1.1\r\n\r\n', '404'],
    ['another method', call(1).replace('POST', 'GET'), '404'],
  ])('answers %s and is closed', async (_, text, status) => {
    const { service, socket, heard } = await dial();
    socket.write(text + call(2));
    await vi.waitFor(() => expect(heard.closed).toBe(true), { interval: 2 });
    expect(statuses(heard.text)).toEqual([status]);
    expect(service.report().received).toBe(0);
  });

  it('is closed after the answer to a caller that wants no more', async () => {
    const { socket, heard } = await dial();
    socket.write(call(1, { headers: 'Connection: close\r\n' }) + call(2));
    await vi.waitFor(() => expect(heard.closed).toBe(true), { interval: 2 });
    expect(statuses(heard.text)).toEqual(['200']);
  });

  it('is given up when too much waits behind a call', async () => {
    const { socket, heard } = await dial();
    socket.write(call(1));
    socket.write('x'.repeat(500_000));
    await vi.waitFor(() => expect(heard.closed).toBe(true), { interval: 2 });
  });
});
