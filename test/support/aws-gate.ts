/** Stands before a server that knows no users, and lets in whom AWS would: requests signed with the key of a known user (SigV4), and allowed. */
import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer as createPlain, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecure } from 'node:https';
import type { AddressInfo } from 'node:net';

/** Users by their access keys. */
export type AwsUsers = Record<string, { secret: string; denies?: string }>;

export interface AwsGate {
  url: string;
  close(): void;
}

/** @param tls certificate and key in PEM; without it, plain HTTP */
export async function awsGate(server: string, users: AwsUsers, tls?: { cert: Buffer; key: Buffer }): Promise<AwsGate> {
  const handle = (asked: IncomingMessage, answer: ServerResponse): void => void guard(asked, answer, new URL(server), users);
  const gate = (tls ? createSecure(tls, handle) : createPlain(handle)).listen(0, '127.0.0.1');
  await once(gate, 'listening');
  const close = (): void => {
    gate.close();
    gate.closeAllConnections();
  };
  return { url: `${tls ? 'https' : 'http'}://127.0.0.1:${(gate.address() as AddressInfo).port}`, close };
}

async function guard(asked: IncomingMessage, answer: ServerResponse, { hostname, port }: URL, users: AwsUsers): Promise<void> {
  const body = Buffer.concat(await asked.toArray());
  const refuse = (type: string, message: string): void => void answer.writeHead(403, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify({ __type: `com.amazon.coral.service#${type}`, message }));
  const [, key = '', scope = ''] = /Credential=([^/]+)\/([^,]+)/.exec(asked.headers.authorization ?? '') ?? [];
  const user = users[decodeURIComponent(key)];
  if (!user) return refuse('UnrecognizedClientException', 'The security token included in the request is invalid.');
  if (!isSignedWith(user.secret, scope, asked, body)) {
    return refuse('InvalidSignatureException', 'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.');
  }
  // The right to a call for many is that to the call for one.
  const action = String(asked.headers['x-amz-target']).replace(/^AmazonSQS\./, '').replace(/Batch$/, '');
  if (action === user.denies) return refuse('AccessDeniedException', `User: arn:aws:iam::000000000000:user/${key} is not authorized to perform: sqs:${action}`);
  const onward = forward({ hostname, port, method: asked.method, path: asked.url, headers: asked.headers }, (got) => {
    answer.writeHead(got.statusCode ?? 502, got.headers);
    got.pipe(answer);
  });
  onward.on('error', () => answer.destroy());
  answer.on('close', () => onward.destroy());
  onward.end(body);
}

const digest = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');
const mac = (key: string | Buffer, data: string): Buffer => createHmac('sha256', key).update(data).digest();

/** Signature Version 4, as its documentation has it. */
function isSignedWith(secret: string, scope: string, { method, url = '/', headers }: IncomingMessage, body: Buffer): boolean {
  const [, signed = '', signature] = /SignedHeaders=([^,]+), *Signature=(\w+)/.exec(headers.authorization ?? '') ?? [];
  const { pathname } = new URL(url, 'http://host');
  const lines = signed.split(';').map((name) => `${name}:${String(headers[name]).trim().replaceAll(/ +/g, ' ')}\n`);
  const request = [method, pathname, '', lines.join(''), signed, digest(body)].join('\n');
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, digest(request)].join('\n');
  const key = scope.split('/').reduce<string | Buffer>((last, part) => mac(last, part), `AWS4${secret}`);
  return mac(key, text).toString('hex') === signature;
}
