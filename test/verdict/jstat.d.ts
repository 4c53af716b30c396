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
    };
  };
  export default jstat;
}
