import { describe, expect, it } from 'vitest';
import { connectionOf } from '../../../src/events/adapters/kafka-connection.js';

describe('the address of a Kafka cluster', () => {
  it('names its brokers, with the usual port where none is said', () => {
    expect(connectionOf('kafka://a:1,b.example')).toMatchObject({ bootstrapBrokers: ['a:1', 'b.example:9092'] });
    expect(connectionOf('kafka://a')).not.toHaveProperty('tls');
    expect(connectionOf('kafka://a')).not.toHaveProperty('sasl');
  });

  it('says user, password and how they are proved, and whether all goes over TLS', () => {
    expect(connectionOf('kafkas://me:p%40ss@a:1')).toMatchObject({
      bootstrapBrokers: ['a:1'],
      tls: {},
      sasl: { mechanism: 'PLAIN', username: 'me', password: 'p@ss' },
    });
    expect(connectionOf('kafka://me:x@a:1,b:2?mechanism=SCRAM-SHA-512')).toMatchObject({
      bootstrapBrokers: ['a:1', 'b:2'],
      sasl: { mechanism: 'SCRAM-SHA-512' },
    });
  });

  it.each(['a:9092', 'nats://a:9092', 'kafka://', 'kafka://a:b', 'kafka://me:secret@', 'kafka://a,,b'])('is not %s, which is told without its secrets', (url) => {
    expect(() => connectionOf(url)).toThrow(/^--bus-url of kafka is kafka:\/\/host:port\[,host:port\], .*$/);
    expect(() => connectionOf(url)).not.toThrow(/secret/);
  });

  it('knows no other mechanisms and parameters', () => {
    expect(() => connectionOf('kafka://me:x@a?mechanism=PLAN')).toThrow('--bus-url says mechanism=PLAN: choose one of PLAIN, SCRAM-SHA-256, SCRAM-SHA-512.');
    expect(() => connectionOf('kafka://me:x@a?ssl=true')).toThrow('--bus-url says ssl, which kafka does not know: only mechanism, ssl.ca.location, ssl.certificate.location, ssl.key.location.');
    expect(() => connectionOf('kafka://a?ssl.ca.location=/ca.pem')).toThrow('--bus-url says ssl.ca.location, and is not over TLS: kafkas://host:port.');
    expect(() => connectionOf('kafkas://a?ssl.ca.location=/no/ca.pem')).toThrow('--bus-url names /no/ca.pem, which cannot be read: ENOENT');
    expect(() => connectionOf('kafka://a?mechanism=PLAIN')).toThrow('--bus-url says mechanism, and no user: kafka://user:password@host:port?mechanism=PLAIN.');
  });
});
