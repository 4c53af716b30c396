/** Tells a server that speaks HTTP/2 and nothing else from one that is broken: load is sent over HTTP/1.1. */
import { connect, type Socket } from 'node:net';
import tls from 'node:tls';

/** What a client begins HTTP/2 with, and settings that set nothing (RFC 9113, 3.4 and 6.5). */
const PREFACE = Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0])]);
const FRAME_HEADER = 9;
const SETTINGS = 4;
/** Longest wait for a word of the server, ms. */
const TIMEOUT = 2000;

/** Why a server of HTTP/2 has no answer for us. */
export const HTTP2_ONLY = 'it speaks HTTP/2 only, and load is sent over HTTP/1.1: let the server speak that too, or put a proxy in front of it';

/** Whether the server speaks HTTP/2, and over TLS nothing else. Of plain HTTP only what gave no answer to HTTP/1.1 should be asked. */
export async function isHttp2Only(url: string): Promise<boolean> {
  const { protocol, hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  if (protocol !== 'https:') return beginsWithSettings(host, Number(port) || 80);
  const place = { host, port: Number(port) || 443, rejectUnauthorized: false };
  return (await protocolOf(place, ['h2'])) === 'h2' && (await protocolOf(place, ['http/1.1'])) !== 'http/1.1';
}

function beginsWithSettings(host: string, port: number): Promise<boolean> {
  const socket = connect(port, host, () => socket.write(PREFACE));
  let heard = Buffer.alloc(0);
  return settled(socket, false, (resolve) => {
    socket.on('data', (piece: Buffer) => {
      heard = Buffer.concat([heard, piece]);
      if (heard.length >= FRAME_HEADER) resolve(heard[3] === SETTINGS && heard.readUInt32BE(5) === 0);
    });
  });
}

/** The protocol that the server agrees to; null when it agrees to none of them. */
function protocolOf(place: tls.ConnectionOptions, protocols: string[]): Promise<string | null> {
  const socket = tls.connect({ ...place, ALPNProtocols: protocols });
  return settled<string | null>(socket, null, (resolve) => socket.once('secureConnect', () => resolve(socket.alpnProtocol || null)));
}

/** Resolves with what is found, or with `otherwise` when the connection ends or nothing is heard. */
function settled<T>(socket: Socket, otherwise: T, find: (resolve: (found: T) => void) => void): Promise<T> {
  return new Promise((resolve) => {
    const end = (found: T): void => {
      socket.destroy();
      resolve(found);
    };
    find(end);
    socket.setTimeout(TIMEOUT, () => end(otherwise)).once('error', () => end(otherwise)).once('close', () => end(otherwise));
  });
}
