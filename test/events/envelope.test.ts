import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { identityOf, messageOrdinal, orderEvent, sequenceOf, sizeOf, WARNING_BYTES } from '../../src/events/envelope.js';
import { eventOf } from './fixtures.js';
import { cases } from '../support/properties.js';

describe('orderEvent', () => {
  it('is a CloudEvents 1.0 envelope with the minimal payload', () => {
    const event = orderEvent({
      source: '/orders',
      type: 'order.placed',
      orderId: 'o-7',
      userId: 'u-1',
      request: 7,
      message: 0,
      payload: 0,
      time: new Date('2026-01-02T03:04:05.678Z'),
    });
    expect(event).toEqual({
      specversion: '1.0',
      id: 'o-7.0000000001',
      source: '/orders',
      type: 'order.placed',
      subject: 'o-7',
      time: '2026-01-02T03:04:05.678Z',
      datacontenttype: 'application/json',
      sequence: '0000000001',
      request: 7,
      data: { orderId: 'o-7', userId: 'u-1', time: '2026-01-02T03:04:05.678Z' },
    });
  });

  it('tells request and message ordinal, warm-up included', () => {
    const event = eventOf(-3, 11);
    expect([event.request, sequenceOf(event), messageOrdinal(event)]).toEqual([-3, 12, 11]);
  });

  it('orders sequences of one subject as text', () => {
    expect(eventOf(1, 8).sequence < eventOf(1, 9).sequence && eventOf(1, 9).sequence < eventOf(1, 99).sequence).toBe(true);
  });

  it('fills the data up to the size asked for, to the byte', () => {
    fc.assert(
      fc.property(fc.integer({ min: 120, max: 100_000 }), fc.nat(1000), (payload, message) => {
        expect(Buffer.byteLength(JSON.stringify(eventOf(1, message, payload).data))).toBe(payload);
      }),
      { numRuns: cases(30) },
    );
  });

  it('keeps the minimal payload when less is asked for', () => {
    expect(eventOf(1, 0, 10).data).toEqual(eventOf(1, 0, 0).data);
  });
});

describe('identityOf', () => {
  it('is source and id, so that messages of one order differ', () => {
    expect(identityOf(eventOf(1, 0))).toBe('/test order-1.0000000001');
    expect(identityOf(eventOf(1, 1))).not.toBe(identityOf(eventOf(1, 0)));
  });
});

describe('sizeOf', () => {
  it('counts the bytes of the whole event, so that a payload at the limit is above it', () => {
    expect(sizeOf(eventOf(1))).toBe(Buffer.byteLength(JSON.stringify(eventOf(1))));
    expect(sizeOf(eventOf(1))).toBeLessThan(400);
    expect(sizeOf(eventOf(1, 0, WARNING_BYTES))).toBeGreaterThan(WARNING_BYTES);
  });
});
