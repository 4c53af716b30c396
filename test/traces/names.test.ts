import { describe, expect, it } from 'vitest';
import { operationOf } from '../../src/traces/names.js';

describe('the name of an operation', () => {
  it.each([
    ['GET /orders?token=geheim', {}, 'GET /orders'],
    ['/orders/4711?api_key=geheim#top', {}, '/orders/{id}'],
    ['GET', { 'http.method': 'GET', 'http.target': '/orders/4711?token=geheim' }, 'GET /orders/{id}'],
    ['GET', { 'http.method': 'GET', 'url.full': 'https://me:geheim@shop?token=geheim' }, 'GET'],
    ['charge?', {}, 'charge?'],
  ])('of %j with %j holds no query, which may hold a secret', (name, attributes, operation) => {
    expect(operationOf({ name, attributes })).toBe(operation);
  });
});
