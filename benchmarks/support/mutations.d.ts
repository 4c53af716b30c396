/** A copy of one of the texts, damaged in a way that the seed decides. */
export function mutated(texts: readonly string[], seed: number): string;
