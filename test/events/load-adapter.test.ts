import { describe, expect, it } from 'vitest';
import { BUS_NAMES } from '../../src/events/buses.js';
import { loadAdapter } from '../../src/events/load-adapter.js';

describe('loadAdapter', () => {
  it.each(BUS_NAMES)('loads %s', async (name) => {
    expect(await loadAdapter(name)).toEqual({ connect: expect.any(Function) });
  });
});
