import { describe, expect, it } from 'vitest';
import { runHeadOf } from '../../src/cli/run-head.js';
import { fakeIo } from '../support/fake-io.js';

describe('the head of a run', () => {
  it('holds the command, and no password of an address in it', () => {
    const io = fakeIo(['bench', '--bus-url', 'amqp://shop:s3cret@broker:5672/orders', '--target=a=http://u:p:w@host/x@y', '-t', '10s']);
    const { command } = runHeadOf({ scenario: {} as never, plan: {} as never, seed: 1 }, io);
    expect(command).toEqual(['bench', '--bus-url', 'amqp://shop:***@broker:5672/orders', '--target=a=http://u:***@host/x@y', '-t', '10s']);
  });
});
