/** One request, outside of any measurement. */
import http, { type IncomingHttpHeaders } from 'node:http';
import https from 'node:https';
import { connect } from 'node:net';
import { HTTP2_ONLY, isHttp2Only } from './http2.js';

/** A whole answer. */
export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** What is asked; GET without it. */
export interface Question {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** Longest wait for an answer, ms. */
const TIMEOUT = 5000;

/**
 * Asks over a connection of its own. Redirects are not followed, certificates not verified, as under load.
 * @throws Error when there is no answer in time
 */
export async function ask(url: string, question: Question = {}): Promise<Answer> {
  try {
    return await exchange(url, question);
  } catch (error) {
    if (isNoHttp(error) && (await isHttp2Only(url))) throw new Error(HTTP2_ONLY, { cause: error });
    throw error;
  }
}

/** Whether a server has answered with something that is not HTTP/1.1, or hung up over our saying it. */
function isNoHttp(error: unknown): boolean {
  return /^(HPE_|ECONNRESET$|EPROTO$|ERR_SSL)/.test(String((error as NodeJS.ErrnoException).code));
}

function exchange(url: string, { method = 'GET', headers = {}, body = '' }: Question): Promise<Answer> {
  const { request } = new URL(url).protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const options = { method, headers, agent: false, rejectUnauthorized: false, signal: AbortSignal.timeout(TIMEOUT) };
    const asked = request(url, options, (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece)).on('error', reject);
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(pieces).toString() });
      });
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

/** Whether something accepts connections at the place of a URL. */
export function isOpen(url: string): Promise<boolean> {
  const { hostname, port, protocol } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port) || (protocol === 'https:' ? 443 : 80), hostname.replace(/^\[|\]$/g, ''));
    const end = (open: boolean): void => {
      socket.destroy();
      resolve(open);
    };
    socket.setTimeout(TIMEOUT, () => end(false)).once('connect', () => end(true)).once('error', () => end(false));
  });
}
