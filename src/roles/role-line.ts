/** The end of the control line that a role holds: it joins, asks for calls, compares clocks and hands over files. */
import { createReadStream, statSync } from 'node:fs';
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { now } from '../base/clock.js';
import { UserError } from '../base/errors.js';
import { fromPlainJson, toPlainJson } from '../base/plain-json.js';
import type { Exchange } from '../measurement/host-clocks.js';
import { authorization, type ClockAnswer } from './protocol.js';

/** Longest wait for an answer, ms: longer than a question for calls is kept waiting. */
const ANSWERED_WITHIN = 10_000;

/** The line could not be used: it may be there again later. */
export class LineBroken extends Error {}

export class RoleLine {
  readonly url: string;
  private readonly token: string | undefined;
  private readonly agent = new Agent({ keepAlive: true });
  /** A connection of its own, so that no question waits behind another. */
  private readonly clockAgent = new Agent({ keepAlive: true, maxSockets: 1 });
  /** Address of this machine that the line goes out from; none before the first message. */
  localAddress: string | undefined;

  constructor(url: string, token: string | undefined) {
    this.url = url;
    this.token = token;
  }

  /** @throws LineBroken when nobody answers, UserError when the answer is no */
  async tell(path: string, message: object): Promise<unknown> {
    const body = toPlainJson(message);
    return this.answered(path, await this.send('POST', path, this.agent, (request) => request.end(body)));
  }

  /** Compares the clocks once. @throws LineBroken */
  async exchange(): Promise<Exchange> {
    let sentAt = 0;
    const response = await this.send('GET', '/clock', this.clockAgent, (request) => {
      sentAt = now();
      request.end();
    });
    const answeredAt = now();
    const { receivedAt, repliedAt } = (await this.answered('/clock', response)) as ClockAnswer;
    return { sentAt, receivedAt, repliedAt, answeredAt };
  }

  /** Hands over a file. @throws LineBroken, UserError */
  async handOver(path: string, file: string): Promise<void> {
    const { size } = statSync(file);
    const response = await this.send('PUT', path, this.agent, (request) => {
      request.setHeader('content-length', size);
      // What goes wrong with the connection is told by the request.
      pipeline(createReadStream(file, { end: Math.max(0, size - 1) }), request).catch(() => {});
    });
    await this.answered(path, response);
  }

  close(): void {
    this.agent.destroy();
    this.clockAgent.destroy();
  }

  private send(method: string, path: string, agent: Agent, write: (request: ReturnType<typeof httpRequest>) => void): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const request = httpRequest(`${this.url}${path}`, { method, agent, headers: authorization(this.token), timeout: ANSWERED_WITHIN });
      request.once('response', (response) => {
        this.localAddress ??= response.socket.localAddress;
        resolve(response);
      });
      request.once('timeout', () => request.destroy(new Error('it does not answer')));
      request.once('error', (error) => reject(new LineBroken(error.message, { cause: error })));
      write(request);
    });
  }

  private async answered(path: string, response: IncomingMessage): Promise<unknown> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
    } catch (error) {
      throw new LineBroken(String(error), { cause: error });
    }
    const value = valueOf(Buffer.concat(chunks).toString('utf8'));
    const { statusCode = 0 } = response;
    if (statusCode === 200 && value !== undefined) return value;
    const said = (value as { error?: string } | undefined)?.error;
    if (said === undefined) throw new UserError(`${this.url} is no control line of sync-vs-events: ${path} is answered with ${statusCode}. Give --join the address that \`serve control\` prints.`);
    throw new UserError(`${this.url} refuses: ${said}.`);
  }
}

function valueOf(text: string): unknown {
  try {
    return fromPlainJson(text);
  } catch {
    return undefined;
  }
}
