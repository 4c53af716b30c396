import { afterEach, describe, expect, it } from 'vitest';
import { countsOf, load } from '../support/hostile/rows.js';
import { startHostile, type HostileServer, type SeenRequest } from '../support/hostile/server.js';

describe('a load that expects something', () => {
  let server: HostileServer;
  afterEach(() => server.close());

  const send = (request: SeenRequest, head: string, body: string): void => {
    request.socket.write(`HTTP/1.1 ${head}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n`);
    // In two pieces, so that it is put together.
    request.socket.write(body.slice(0, 3));
    setTimeout(() => request.socket.write(body.slice(3)), 2);
  };

  it('takes a good status with a wrong body for a failure, and keeps the books', async () => {
    server = await startHostile((request) => {
      const isWrong = request.nth % 3 === 0;
      send(request, '200 OK', isWrong ? `{"order":"of nobody"}` : `{"order":${request.index}}`);
    });
    const { rows } = await load(server.url, { expect: { status: [200], body: '"order":{{index}}' } });
    const wrong = server.seen.filter(({ nth }) => nth % 3 === 0).length;
    expect(wrong).toBeGreaterThan(1);
    expect(countsOf(rows)).toEqual({ ok: rows.length - wrong, mismatch: wrong });
    expect(rows).toHaveLength(server.seen.length);
    expect(server.connections).toBe(2);
  });

  it('takes a redirect for a failure and does not follow it', async () => {
    server = await startHostile((request) => send(request, '302 Found\r\nlocation: /elsewhere', 'moved'));
    const { rows } = await load(server.url, { expect: { status: [], body: null } });
    expect(countsOf(rows)).toEqual({ mismatch: rows.length });
    expect(rows.every(({ status }) => status === 302)).toBe(true);
    expect(rows).toHaveLength(server.seen.length);
  });

  it('finds a text wherever it stands in a large body', async () => {
    const body = `${'x'.repeat(2 * 1024 * 1024)}end`;
    server = await startHostile((request) => send(request, '200 OK', request.nth === 0 ? body : body.slice(0, -1)));
    const { rows } = await load(server.url, { shape: { model: 'closed', users: 1 }, duration: 300, expect: { status: [], body: 'end' } });
    expect(rows.length).toBeGreaterThan(1);
    expect(rows[0]?.outcome).toBe('ok');
    expect(countsOf(rows)).toEqual({ ok: 1, mismatch: rows.length - 1 });
  });
});
