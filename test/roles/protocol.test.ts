import { describe, expect, it } from 'vitest';
import { controlUrl } from '../../src/roles/protocol.js';

describe('the address of a control line', () => {
  it('is as `serve control` prints it, or with a path before it', () => {
    expect(['http://h:1', 'http://h:1/', 'http://[::1]:1/run//'].map((text) => controlUrl(text, '--join'))).toEqual(['http://h:1', 'http://h:1', 'http://[::1]:1/run']);
  });

  it.each(['https://h:1', 'h:1', '', 'ftp://h', 'http://'])('is not %j', (text) => {
    expect(() => controlUrl(text, '--end')).toThrow(`--end ${text}: expected the address that \`serve control\` prints, http://host:port.`);
  });

  it.each([
    ['http://me:geheim@h:1', 'http://me:***@h:1'],
    ['http://geheim@h:1', 'http://***@h:1'],
    ['http://h:1/?token=geheim', 'http://h:1/?token=***'],
    ['http://h:1/#there', 'http://h:1/#there'],
  ])('holds nothing that lets anybody in: %s', (text, shown) => {
    expect(() => controlUrl(text, '--join')).toThrow(`--join ${shown}: expected host and port alone, http://host:port; what it takes to be let in goes into SYNC_VS_EVENTS_TOKEN.`);
  });
});
