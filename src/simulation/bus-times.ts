/**
 * What each bus takes when nothing waits for it, ms: a publish as the reply of `hybrid` waits for it, and the way to a consumer that
 * is free. Written by `npm run bench:buses -- --table`: private brokers, 20 orders a second, on the same machine.
 */
import type { BusName } from '../events/buses.js';
import type { BusTimes } from '../events/settings.js';

/** Where and when. */
export const MEASURED_ON = '2 cores (AMD EPYC), Node v20.20.2, 2026-11-29';

export const BUS_TIMES: Readonly<Record<BusName, BusTimes>> = {
  memory: {
    publish: { min: 0.024, p50: 0.032, p95: 0.048 },
    lag: { min: 0.189, p50: 0.449, p95: 0.72 },
  },
  outbox: {
    publish: { min: 0.742, p50: 1.122, p95: 1.459 },
    lag: { min: 1.441, p50: 12.371, p95: 21.624 },
  },
  nats: {
    publish: { min: 0.575, p50: 0.827, p95: 1.354 },
    lag: { min: 0.748, p50: 1.04, p95: 1.729 },
  },
  redis: {
    publish: { min: 0.675, p50: 1.003, p95: 1.714 },
    lag: { min: 0.973, p50: 1.175, p95: 1.667 },
  },
  bullmq: {
    publish: { min: 0.936, p50: 1.373, p95: 2.272 },
    lag: { min: 1.493, p50: 2.118, p95: 3.143 },
  },
  rabbitmq: {
    publish: { min: 1.218, p50: 1.479, p95: 2.599 },
    lag: { min: 1.438, p50: 1.912, p95: 2.9 },
  },
  postgres: {
    publish: { min: 0.658, p50: 1.04, p95: 1.378 },
    lag: { min: 1.729, p50: 2.713, p95: 3.829 },
  },
  kafka: {
    publish: { min: 1.135, p50: 1.955, p95: 3.565 },
    lag: { min: 1.897, p50: 2.944, p95: 5.373 },
  },
  sqs: {
    publish: { min: 4.728, p50: 6.712, p95: 10.648 },
    lag: { min: 5.953, p50: 8.593, p95: 12.692 },
  },
};
