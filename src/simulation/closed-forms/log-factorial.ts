/** ln n!, by Stirling's series with an error below 1e-12 from n = 16 on; below that by multiplication. */
export function logFactorial(n: number): number {
  if (n < 16) {
    let product = 1;
    for (let k = 2; k <= n; k++) product *= k;
    return Math.log(product);
  }
  const tail = 1 / (12 * n) - 1 / (360 * n ** 3) + 1 / (1260 * n ** 5) - 1 / (1680 * n ** 7);
  return (n + 0.5) * Math.log(n) - n + Math.log(2 * Math.PI) / 2 + tail;
}
