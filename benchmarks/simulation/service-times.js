/** Service times of given mean and variation, as latencies of a scenario. Means in seconds, latencies in ms. */
import { refuse } from './refusal.js';

/** z of the 99th percentile of the normal distribution. */
const Z99 = 2.3263478740408408;
/** Values that stand for a distribution that a scenario has no name for. */
const VALUES = 20_000;

/**
 * @param cv2 squared coefficient of variation: variance over the mean squared
 * @param shape of the distribution; without it constant at 0, exponential at 1, lognormal at any other
 * @throws Refusal where there is no such distribution
 */
export function serviceTime(mean, cv2, shape = plainShape(cv2)) {
  if (!(mean > 0 && Number.isFinite(mean))) refuse(`a mean service time of ${mean} is none`);
  if (!(cv2 >= 0 && Number.isFinite(cv2))) refuse(`a squared variation of ${cv2} is none`);
  const make = SHAPES[shape] ?? refuse(`service times called "${shape}" are not known here`);
  return make(mean * 1000, cv2) ?? refuse(`no ${shape} distribution has a squared variation of ${cv2}`);
}

function plainShape(cv2) {
  if (cv2 === 0) return 'constant';
  return cv2 === 1 ? 'exponential' : 'lognormal';
}

/** Each: (mean in ms, cv2) -> latency, or null where the shape cannot vary so. */
const SHAPES = {
  constant: (ms, cv2) => (cv2 === 0 ? { kind: 'constant', ms } : null),
  exponential: (mean, cv2) => (cv2 === 1 ? { kind: 'exponential', mean } : null),
  lognormal: (mean, cv2) => {
    if (cv2 === 0) return null;
    const p50 = mean / Math.sqrt(1 + cv2);
    return { kind: 'lognormal', p50, p99: p50 * Math.exp(Z99 * Math.sqrt(Math.log1p(cv2))) };
  },
  uniform: (mean, cv2) => {
    const half = mean * Math.sqrt(3 * cv2);
    return half <= mean ? { kind: 'uniform', min: mean - half, max: mean + half } : null;
  },
  erlang: (mean, cv2) => {
    const stages = Math.round(1 / cv2);
    const fits = stages >= 1 && stages <= 100 && Math.abs(stages * cv2 - 1) < 1e-9;
    return fits ? { kind: 'values', values: conditionalMeans([{ share: 1, stages, mean }]) } : null;
  },
  // Of two exponential ones, each with half of the work. Source: Tijms, A First Course in Stochastic Models (2003), appendix B.
  hyperexponential: (mean, cv2) => {
    if (cv2 < 1) return null;
    const share = (1 + Math.sqrt((cv2 - 1) / (cv2 + 1))) / 2;
    const parts = [share, 1 - share].map((one) => ({ share: one, stages: 1, mean: mean / (2 * one) }));
    return { kind: 'values', values: conditionalMeans(parts) };
  },
};

/**
 * A mixture of Erlang distributions cut into slices of the same probability, and the mean of each: their mean is that of
 * the mixture, their variance less by what varies within a slice, some 1 in 10,000.
 */
function conditionalMeans(parts) {
  const below = (x) => parts.reduce((sum, { share, stages, mean }) => sum + share * erlangBelow(stages, (x * stages) / mean), 0);
  // The integral of t f(t) up to x: the density of an Erlang time, times the time, is that of one with a stage more.
  const work = (x) => parts.reduce((sum, { share, stages, mean }) => sum + share * mean * erlangBelow(stages + 1, (x * stages) / mean), 0);
  const whole = parts.reduce((sum, { share, mean }) => sum + share * mean, 0);
  let done = 0;
  let from = 0;
  return Array.from({ length: VALUES }, (_, i) => {
    const last = i === VALUES - 1;
    from = last ? from : inverse(below, (i + 1) / VALUES, from);
    const next = last ? whole : work(from);
    const mean = (next - done) * VALUES;
    done = next;
    return mean;
  });
}

/** Share of the sums of so many exponential times, each of mean 1, that stay below x. */
function erlangBelow(stages, x) {
  let term = Math.exp(-x);
  let above = term;
  for (let n = 1; n < stages; n++) above += term *= x / n;
  return 1 - above;
}

/** Where a rising function of positive times reaches a value, by halving. */
function inverse(rising, value, from) {
  let low = from;
  let high = Math.max(2 * from, 1e-6);
  while (rising(high) < value) high *= 2;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (rising(middle) < value) low = middle;
    else high = middle;
  }
  return high;
}
