/**
 * What each bus takes when nothing waits for it, ms: a publish as the reply of `hybrid` waits for it, and the way to a consumer that
 * is free. Written by `npm run bench:buses -- --table`: private brokers, 20 orders a second, on the same machine.
 */
import type { BusName } from '../events/buses.js';
import type { BusTimes } from '../events/settings.js';

/** Where and when. */
export const MEASURED_ON = '2 cores (Intel Xeon), Node v20.20.2, 2026-11-29, busy with other work';

export const BUS_TIMES: Readonly<Record<BusName, BusTimes>> = {
  memory: {
    publish: { min: 0.025, p50: 0.039, p95: 0.058 },
    lag: { min: 0.219, p50: 0.323, p95: 0.686 },
  },
  outbox: {
    publish: { min: 0.838, p50: 2.8, p95: 9.053 },
    lag: { min: 1.559, p50: 14.238, p95: 24.814 },
  },
  nats: {
    publish: { min: 0.65, p50: 1.5, p95: 2.87 },
    lag: { min: 0.79, p50: 0.97, p95: 2.32 },
  },
  redis: {
    publish: { min: 1.02, p50: 5.71, p95: 13.16 },
    lag: { min: 0.98, p50: 5.33, p95: 12.37 },
  },
  bullmq: {
    publish: { min: 1.43, p50: 5.9, p95: 14.71 },
    lag: { min: 2.62, p50: 11.43, p95: 22.76 },
  },
  rabbitmq: {
    publish: { min: 1.455, p50: 7.691, p95: 19.899 },
    lag: { min: 1.601, p50: 7.573, p95: 19.988 },
  },
  postgres: {
    publish: { min: 1.03, p50: 6.85, p95: 16.07 },
    lag: { min: 3.65, p50: 16.73, p95: 32.21 },
  },
  kafka: {
    publish: { min: 1.459, p50: 3.851, p95: 10.623 },
    lag: { min: 2.528, p50: 4.827, p95: 12.505 },
  },
};
