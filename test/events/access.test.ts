import { describe, expect, it } from 'vitest';
import { accessOf, brokerUrl, tlsFiles } from '../../src/events/access.js';
import { BUSES } from '../../src/events/buses.js';


describe('accessOf', () => {
  it.each([
    ['nats', 'nats://me:secret@h:4222', { url: 'nats://h:4222', isSecure: false, user: 'me', password: 'secret' }],
    ['nats', 'nats://token@h', { url: 'nats://h', isSecure: false, token: 'token' }],
    ['nats', 'tls://h?creds=/a.creds&tlsca=/ca.pem', { url: 'tls://h', isSecure: true, credentials: '/a.creds', ca: '/ca.pem' }],
    ['nats', 'nats://h?nkey=/a.nk', { url: 'nats://h', isSecure: false, seed: '/a.nk' }],
    ['redis', 'rediss://:p%40s@h/3?cacert=/ca.pem&cert=/c&key=/k', { url: 'rediss://h/3', isSecure: true, password: 'p@s', ca: '/ca.pem', certificate: '/c', key: '/k' }],
    ['redis', 'redis://me@h', { url: 'redis://h', isSecure: false, user: 'me' }],
    ['rabbitmq', 'amqps://me:p@s@h:5671/shop?heartbeat=5&cacertfile=/ca.pem', { url: 'amqps://h:5671/shop?heartbeat=5', isSecure: true, user: 'me', password: 'p@s', ca: '/ca.pem' }],
    ['rabbitmq', 'amqp://me:50%off@h', { url: 'amqp://h', isSecure: false, user: 'me', password: '50%off' }],
  ] as const)('takes an address of %s apart: %s', (bus, text, access) => {
    expect(accessOf(text, BUSES[bus].authentication)).toEqual(access);
  });
});

it('a file that an address names and that cannot be read is named', () => {
  expect(() => tlsFiles({ certificate: '/no/shop.pem' })).toThrow('--bus-url names /no/shop.pem, which cannot be read: ENOENT');
  expect(tlsFiles({ key: import.meta.filename })).toEqual({ key: expect.stringContaining('cannot be read') });
});

describe('brokerUrl', () => {
  it.each([
    ['nats', 'h:4222', {}, 'nats://h:4222'],
    ['nats', 'nats://h', { NATS_USER: 'me', NATS_PASSWORD: 'p@s/s' }, 'nats://me:p%40s%2Fs@h'],
    ['nats', 'nats://you:x@h', { NATS_USER: 'me', NATS_PASSWORD: 'secret', NATS_TOKEN: 't' }, 'nats://you:x@h'],
    ['nats', 'nats://h', { NATS_TOKEN: 't', NATS_CREDS: '/a.creds', NATS_CA: '/ca.pem' }, 'nats://t@h?creds=%2Fa.creds&tlsca=%2Fca.pem'],
    ['nats', 'tls://h?tlsca=/mine.pem', { NATS_CA: '/ca.pem' }, 'tls://h?tlsca=/mine.pem'],
    ['redis', 'redis://h', { REDISCLI_AUTH: 'secret' }, 'redis://:secret@h'],
    ['redis', 'redis://me:x@h', { REDISCLI_AUTH: 'secret' }, 'redis://me:x@h'],
  ] as const)('%s at %s with %j', (bus, text, env, url) => {
    expect(brokerUrl(text, BUSES[bus].authentication, env)).toBe(url);
  });

  it.each([
    ['redis', 'nats://h:1', '--bus-url nats://h:1 is no address of this bus: expected redis://host:port, or rediss://host:port over TLS.'],
    ['rabbitmq', 'amqp://me:geheim@', '--bus-url amqp://me:***@ is no address of this bus'],
    ['nats', 'nats://me:geheim@h:port', '--bus-url nats://me:***@h:port is no address of this bus'],
  ] as const)('refuses %s at %s', (bus, text, message) => {
    expect(() => brokerUrl(text, BUSES[bus].authentication, {})).toThrow(message);
  });
});
