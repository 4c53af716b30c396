import jstat from 'jstat';

interface Distribution {
  cdf(x: number, ...parameters: number[]): number;
  inv(p: number, ...parameters: number[]): number;
}

/** The part of jstat that serves as an oracle for draws. */
export const jStat = jstat.jStat as unknown as {
  normal: Distribution;
  lognormal: Distribution;
  exponential: Distribution;
  corrcoeff(a: number[], b: number[]): number;
  mean(values: number[]): number;
  stdev(values: number[]): number;
};
