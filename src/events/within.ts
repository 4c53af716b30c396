/** A promise that must be kept in time. */

/** It was not kept in time. */
export class Late extends Error {
  override name = 'Late';
}

/**
 * What `promise` settles with, or a rejection after `ms`. What it settles with later is nobody's concern.
 */
export function within<T>(ms: number, promise: Promise<T>, what = 'acknowledged'): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Late(`Not ${what} within ${ms} ms`)), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
