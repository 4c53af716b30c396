import type { Latency } from '../../src/scenarios/scenario.js';

export function serviceTime(mean: number, cv2: number, shape?: string): Latency;
