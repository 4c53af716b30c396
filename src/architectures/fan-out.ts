/**
 * Runs so many things, a few at once and in order. Resolves when all have ended; rejects with the failure beyond which fewer can
 * succeed than have to: what is under way then runs on, and no more begin. Written out because what begins next has to begin at the very moment at which something ends.
 * @param need how many have to succeed
 * @param limit at once; Infinity is no limit
 * @param run one of them, by its position
 */
export function fanOut(count: number, need: number, limit: number, run: (item: number) => Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    let [begun, done, left, mayFail] = [0, 0, count, count - need];
    const begin = (): void => {
      while (begun < left && begun - done < limit) run(begun++).then(ended, failed);
    };
    const ended = (): void => {
      if (++done === count) resolve();
      else begin();
    };
    const failed = (failure: Error): void => {
      if (mayFail-- > 0) return ended();
      left = 0;
      reject(failure);
    };
    begin();
  });
}
