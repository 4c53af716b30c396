import dns from 'node:dns';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { greets } from '../../../src/events/brokers/probe.js';

const WITHIN_MS = 50;

describe('greets', () => {
  let silent: Server;
  let port: number;
  const taken: Socket[] = [];
  beforeEach(async () => {
    silent = createServer((socket) => void taken.push(socket));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    ({ port } = silent.address() as AddressInfo);
  });
  afterEach(() => {
    vi.restoreAllMocks();
    for (const socket of taken.splice(0)) socket.destroy();
    silent.close();
  });

  it.each(['127.0.0.1', 'localhost'])('tells of who takes the connection of %s and says nothing', async (host) => {
    await expect(greets(host, port, WITHIN_MS)).rejects.toThrow('it says nothing within 0.05 s');
  });

  it('leaves a refused connection to others', async () => {
    silent.close();
    await expect(greets('127.0.0.1', port, WITHIN_MS)).resolves.toBeUndefined();
  });

  it('waits for a name as long as its resolver does', async () => {
    const { lookup } = dns;
    const slow = vi.spyOn(dns, 'lookup') as unknown as { mockImplementation(f: (...args: Parameters<typeof lookup>) => void): void };
    slow.mockImplementation((...args) => void setTimeout(() => lookup(...args), 3 * WITHIN_MS));
    silent.on('connection', (socket) => socket.write('INFO'));
    await expect(greets('localhost', port, WITHIN_MS)).resolves.toBeUndefined();
  });
});
