import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findBroker } from '../../../src/events/brokers/find.js';

describe('findBroker', () => {
  it('says in one line what to install', () => {
    expect(() => findBroker('nats', join(tmpdir(), 'no', 'such', 'folder'))).toThrow(
      '--bus nats needs nats-server, which is not on the PATH ' +
        '(Debian and Ubuntu: apt install nats-server, macOS: brew install nats-server), or --bus-url',
    );
  });
});
