/** Student's t distribution. */
import { betaQuantile, incompleteBeta } from './beta.js';

/** Probability of a value further from 0 than `t`, on either side, with `df` degrees of freedom. Source: DLMF 8.17(i). */
export function twoSidedP(t: number, df: number): number {
  return incompleteBeta(df / (df + t * t), df / 2, 0.5);
}

/**
 * The value that a share `p` of the t distribution with `df` degrees of freedom stays below, 0.5 <= p < 1.
 * t²/(df + t²) has a beta distribution with parameters 1/2 and df/2.
 */
export function studentQuantile(p: number, df: number): number {
  const square = betaQuantile(2 * p - 1, 0.5, df / 2);
  return Math.sqrt((df * square) / (1 - square));
}
