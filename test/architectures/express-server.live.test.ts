import { request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterEach, describe, expect, it } from 'vitest';
import { expressServer } from '../../src/architectures/server.js';

let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function get(app: express.Express, before?: (objects: object[]) => void): Promise<{ status: number; text: string }> {
  server = expressServer(app);
  server.prependListener('request', (...objects: object[]) => before?.(objects));
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/things/7?colour=red`;
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent: false, headers: { accept: 'application/json' } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.on('error', reject).end();
  });
}

describe('the server of an Express application', () => {
  it('is Express: its requests and responses can all that Express can', async () => {
    const app = express();
    app.get('/things/:id', (req, res) => {
      const { params, query, path, protocol } = req;
      const sameApp = req.app === app && res.app === app;
      res.status(418).json({ ...params, ...query, path, protocol, json: req.accepts('json'), sameApp });
    });
    const { status, text } = await get(app);
    expect(status).toBe(418);
    expect(JSON.parse(text)).toEqual({
      id: '7', colour: 'red', path: '/things/7', protocol: 'http', json: 'json', sameApp: true,
    });
  });

  // Fails when Express no longer takes them as they come: the server would still work, but dearly.
  it('makes requests and responses with the very prototypes that Express would give them', async () => {
    const app = express();
    let made: object[] = [];
    let handled: object[] = [];
    app.get('/things/:id', (req, res) => {
      handled = [req, res].map((object) => Object.getPrototypeOf(object) as object);
      res.json({});
    });
    await get(app, (objects) => (made = objects.map((object) => Object.getPrototypeOf(object) as object)));
    expect(made).toHaveLength(2);
    expect(made[0]).toBe(handled[0]);
    expect(made[1]).toBe(handled[1]);
    expect(handled).toEqual([app.request, app.response]);
  });
});
