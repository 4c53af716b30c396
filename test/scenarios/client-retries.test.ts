/** Clients that send a request again, as scenarios say them. */
import { describe, expect, it } from 'vitest';
import { resolvedYaml } from '../../src/scenarios/resolved.js';
import { attemptNumber, attemptOf, FIRST_FOREIGN, requestOf } from '../../src/scenarios/request.js';
import { sendOrder } from '../../src/scenarios/turn.js';
import { mistakes, parse, SMALL } from './support.js';

describe('retries of a load', () => {
  it('have defaults, are written out, and one attempt is none', () => {
    const { load } = parse(`${SMALL}load: { retries: {} }`);
    expect(load.retries).toEqual({ attempts: 3, backoff: 1000, on: ['timeout', 'http5xx', 'connection', 'hangup'] });
    const said = parse(`${SMALL}load: { retries: { attempts: 2, backoff: 50ms, on: timeout } }`);
    expect(said.load.retries).toEqual({ attempts: 2, backoff: 50, on: ['timeout'] });
    expect(parse(resolvedYaml(said))).toEqual(said);
    expect(parse(`${SMALL}load: { retries: { attempts: 1 } }`).load).not.toHaveProperty('retries');
  });

  it.each([
    ['attempts: 10', /^3:30: load\.retries\.attempts: expected a whole number from 1 to 9/],
    ['on: [timeout, http3xx]', /^3:34: load\.retries\.on\.1: expected one of timeout, http5xx, http4xx, connection, hangup, got "http3xx"/],
    ['jitter: full', /^3:20: load\.retries\.jitter: unknown in retries of the client, which has attempts, backoff, on/],
  ])('refuse %s, and say where', (text, message) => {
    const [line] = mistakes(`${SMALL}load: { retries: { ${text} } }`).filter((one) => one.includes('3:'));
    expect(line?.replace(/^.*?(?=3:\d)/, '')).toMatch(message);
  });
});

describe('the number of an attempt', () => {
  it.each([[0, 0], [4711, 2], [-1, 0], [-5, 8]])('tells the request %i and the attempt %i', (request, attempt) => {
    const number = attemptNumber(request, attempt);
    expect([requestOf(number), attemptOf(number)]).toEqual([request, attempt]);
    expect(number).toBe(attempt === 0 ? request : Math.sign(request) * (Math.abs(request) + attempt * 100_000_000));
  });

  it('is that of a stranger from where they begin', () => {
    expect([requestOf(FIRST_FOREIGN + 7), attemptOf(FIRST_FOREIGN + 7)]).toEqual([FIRST_FOREIGN + 7, 0]);
  });

  it('rises in the order of turns: warm-up, measured, then all second attempts', () => {
    const numbers = [-1, -2, 0, 1, attemptNumber(-1, 1), attemptNumber(-2, 1), attemptNumber(0, 1), attemptNumber(-1, 2)];
    expect(numbers.map(sendOrder).toSorted((a, b) => a - b)).toEqual(numbers.map(sendOrder));
  });
});
