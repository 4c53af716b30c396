/** Calls over plain node:http, for tests: one connection each unless an agent is given. */
import { request, type Agent, type ClientRequest } from 'node:http';

/** Sends a call; resolves with the status. Rejects when there is no answer. */
export function post(url: string, agent?: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent: agent ?? false }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0));
    });
    sent.on('error', reject).end();
  });
}

/** Sends a call that nobody waits for, to be destroyed by the test. */
export function postAndForget(url: string): ClientRequest {
  const sent = request(url, { method: 'POST', agent: false });
  sent.on('error', () => {}).end();
  return sent;
}
