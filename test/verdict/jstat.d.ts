/** The part of jstat that serves as an oracle here. */
declare module 'jstat' {
  interface Distribution {
    cdf(x: number, ...parameters: number[]): number;
    inv(p: number, ...parameters: number[]): number;
  }
  const jstat: {
    jStat: {
      beta: Distribution;
      binomial: Distribution;
      studentt: Distribution;
      gammaln(x: number): number;
      mean(values: readonly number[]): number;
      models: { ols(y: readonly number[], x: readonly (readonly number[])[]): { coef: number[]; t: { se: number[] } } };
    };
  };
  export default jstat;
}
