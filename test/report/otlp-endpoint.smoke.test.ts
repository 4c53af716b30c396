/** What a receiver of spans may say, and what a user is told of it: its reason, and nothing that was sent along to be let in. */
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { openOtlpEndpoint } from '../../src/report/otlp-endpoint.js';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A receiver that takes the first document, and then answers with this. */
async function receiver(answer: (response: ServerResponse) => void): Promise<string> {
  let posts = 0;
  server = createServer((request, response) => request.resume().on('end', () => (posts++ === 0 ? response.end('{}') : answer(response))));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://me:geheim-pass@127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces?key=geheim-key`;
}

const said = (status: number, body: string, type = 'application/json') => (response: ServerResponse) => response.writeHead(status, { 'content-type': type }).end(body);

describe('a receiver that does not take all spans', () => {
  it.each([
    ['in the words of the protocol', said(401, '{"code":16,"message":"bad token geheim-header\\nof geheim-pass"}'), 'not all spans arrived: it answers 401: bad token *** of ***.'],
    ['in words of its own', said(413, 'more than 5 MB'), 'not all spans arrived: it answers 413: more than 5 MB.'],
    ['at length', said(400, 'x'.repeat(5000)), `not all spans arrived: it answers 400: ${'x'.repeat(200)}.`],
    ['by a page', said(500, '<html>sorry</html>', 'text/html'), 'not all spans arrived: it answers 500.'],
    ['of a login', said(200, '<html>who are you?</html>', 'text/html; charset=utf-8'), 'not all spans arrived: it answers with a web page.'],
    ['but some', said(200, '{"partialSuccess":{"rejectedSpans":"3","errorMessage":"too old for geheim-key"}}'), '3 spans were rejected: too old for ***.'],
    ['and gives no reason', said(200, '{"partialSuccess":{"rejectedSpans":2}}'), '2 spans were rejected.'],
    ['and ends the connection', (response: ServerResponse) => response.destroy(), 'not all spans arrived: socket hang up.'],
  ])('says so %s', async (_, answer, sentence) => {
    const endpoint = await openOtlpEndpoint(await receiver(answer), 'x-key=geheim-header');
    const told = await endpoint.send(['{"resourceSpans":[{}]}']);
    expect(told).toMatch(/^--otlp http:\/\/me:\*\*\*@127\.0\.0\.1:\d+\/v1\/traces\?key=\*\*\*: /);
    expect(told).toContain(sentence);
  });
});
