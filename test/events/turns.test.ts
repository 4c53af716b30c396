import { describe, expect, it } from 'vitest';
import { Turns } from '../../src/events/turns.js';

describe('turns', () => {
  it('starts the first of each key at once and the others one after another, whoever else has a turn', () => {
    const turns = new Turns();
    const started: string[] = [];
    for (const name of ['a1', 'b1', 'a2', 'a3']) turns.take(name.charAt(0), () => started.push(name));
    expect([started, turns.waiting]).toEqual([['a1', 'b1'], 2]);
    turns.pass('a');
    expect([started, turns.waiting]).toEqual([['a1', 'b1', 'a2'], 1]);
    turns.pass('b');
    turns.pass('a');
    expect([started, turns.waiting]).toEqual([['a1', 'b1', 'a2', 'a3'], 0]);
  });

  it('begins a key anew once all of it have passed', () => {
    const turns = new Turns();
    const started: string[] = [];
    turns.take('a', () => started.push('first'));
    turns.pass('a');
    turns.take('a', () => started.push('second'));
    expect(started).toEqual(['first', 'second']);
  });

  it('passes on what ends as soon as it starts', () => {
    const turns = new Turns();
    const started: number[] = [];
    turns.take('a', () => started.push(0));
    for (const nth of [1, 2, 3]) {
      turns.take('a', () => {
        started.push(nth);
        turns.pass('a');
      });
    }
    turns.pass('a');
    expect([started, turns.waiting]).toEqual([[0, 1, 2, 3], 0]);
  });

  it('tells everybody who waits for a change', async () => {
    const turns = new Turns();
    turns.take('a', () => {});
    const changes = Promise.all([turns.change(), turns.change()]);
    turns.pass('a');
    await expect(changes).resolves.toHaveLength(2);
  });
});
