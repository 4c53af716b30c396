/** How doubts say numbers. */

/** A share in percent, to two digits: `3.4 %`. */
export function percentText(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`;
}

/** A number to three digits. */
export function numberText(value: number): string {
  return String(Number(value.toPrecision(3)));
}
