import { describe, expect, it } from 'vitest';
import { maskUrls } from '../../src/base/urls.js';

describe('maskUrls', () => {
  it.each([
    ['a password', 'amqp://shop:geheim@broker:5672/orders', 'amqp://shop:***@broker:5672/orders'],
    ['a password without a user', 'redis://:geheim@127.0.0.1:6379/0', 'redis://:***@127.0.0.1:6379/0'],
    ['a token', 'http://geheim@host/x', 'http://***@host/x'],
    ['a token with an empty password', 'https://geheim:@host', 'https://***@host'],
    ['a password with an @', 'http://me:ge@he@im@host/x', 'http://me:***@host/x'],
    ['a token with an @', 'http://ge@heim@host/x', 'http://***@host/x'],
    ['a password with a slash', 'redis://:ge/he?i#m@host:6379', 'redis://:***@host:6379'],
    ['a password with a quote', `nats://me:ge'heim@host`, 'nats://me:***@host'],
    ['an escaped password', 'http://me:ge%40heim@host', 'http://me:***@host'],
    ['IPv6', 'http://me:geheim@[::1]:80/x', 'http://me:***@[::1]:80/x'],
    ['several', 'nats://a:geheim@b:1,nats://geheim@d:2', 'nats://a:***@b:1,nats://***@d:2'],
    ['within a sentence', 'No server answers at redis://:geheim@h:1: refused (http://geheim@x)', 'No server answers at redis://:***@h:1: refused (http://***@x)'],
    ['parameters', 'http://h/x?size=1&access_token=geheim&api-key=geheim#top', 'http://h/x?size=1&access_token=***&api-key=***#top'],
    ['parameters of other names', 'http://h/x?key=geheim&jwt=geheim&pass=geheim&subscription-key=geheim&sid=geheim&session_id=geheim', 'http://h/x?key=***&jwt=***&pass=***&subscription-key=***&sid=***&session_id=***'],
    ['a parameter behind a hash', 'http://h/#access_token=geheim', 'http://h/#access_token=***'],
    ['a parameter, and leaves the sentence', 'http://h/x?token=ge.he:im: it answers 401 (http://h/?key=geheim), no.', 'http://h/x?token=***: it answers 401 (http://h/?key=***), no.'],
    ['a parameter, but not where it comes from', 'http://h/x?key=${KEY}&token=geheim', 'http://h/x?key=${KEY}&token=***'],
    ['of a database', 'postgres://h/shop?user=me&password=geheim', 'postgres://h/shop?user=me&password=***'],
  ])('hides %s', (_, text, masked) => {
    expect(maskUrls(text)).toBe(masked);
    expect(maskUrls(masked)).toBe(masked);
  });

  it.each([
    'http://127.0.0.1:80/users/@me',
    'http://host/x@y?mail=a@b',
    'http://host:/x@y',
    'http://[::1]:3000/@x',
    'http://host?size=1&monkey=2&author=3&bypass=4&side=5',
    'a@b: no URL',
    '["http://a/","http://b:80/x@y"]',
  ])('leaves %s alone', (text) => {
    expect(maskUrls(text)).toBe(text);
  });
});
