/**
 * What each bus takes when nothing waits for it, ms: a publish as the reply of `hybrid` waits for it, and the way to a consumer that
 * is free. Written by `npm run bench:buses -- --table`: private brokers, 20 orders a second, on the same machine.
 */
import type { BusName } from '../events/buses.js';
import type { BusTimes } from '../events/settings.js';

/** Where and when. */
export const MEASURED_ON = '2 cores (Intel Xeon), Node v20.20.2, 2026-11-29';

export const BUS_TIMES: Readonly<Record<BusName, BusTimes>> = {
  memory: {
    publish: { min: 0.03, p50: 0.046, p95: 0.107 },
    lag: { min: 0.344, p50: 0.69, p95: 1.101 },
  },
  outbox: {
    publish: { min: 0.924, p50: 1.32, p95: 2.944 },
    lag: { min: 1.404, p50: 12.036, p95: 21.487 },
  },
  nats: {
    publish: { min: 0.739, p50: 1.272, p95: 2.29 },
    lag: { min: 0.889, p50: 1.433, p95: 2.348 },
  },
  redis: {
    publish: { min: 0.96, p50: 2.027, p95: 5.138 },
    lag: { min: 1.148, p50: 1.776, p95: 4.932 },
  },
  bullmq: {
    publish: { min: 1.227, p50: 2.103, p95: 5.197 },
    lag: { min: 2.105, p50: 3.117, p95: 7.937 },
  },
  rabbitmq: {
    publish: { min: 1.587, p50: 2.165, p95: 4.322 },
    lag: { min: 1.891, p50: 2.658, p95: 5.079 },
  },
  postgres: {
    publish: { min: 1.08, p50: 1.556, p95: 4.326 },
    lag: { min: 3.076, p50: 4.617, p95: 11.1 },
  },
  kafka: {
    publish: { min: 1.558, p50: 2.595, p95: 5.554 },
    lag: { min: 2.651, p50: 3.949, p95: 7.123 },
  },
  sqs: {
    publish: { min: 3, p50: 4, p95: 8 },
    lag: { min: 3, p50: 5, p95: 10 },
  },
};
