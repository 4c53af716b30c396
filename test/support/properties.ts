/** How properties are tried: on the same cases every time, unless `FC_SEED` and `FC_RUNS` ask for others, or for more. */

/** fast-check's own number of cases for a property that names none. */
const USUAL_RUNS = 100;

type Env = Readonly<Record<string, string | undefined>>;

/** The number of cases for a property that needs another than the usual one: `usual`, times `FC_RUNS`. */
export function cases(usual: number, env: Env = process.env): number {
  return usual * whole(env, 'FC_RUNS', { otherwise: 1, least: 1 });
}

/** The settings of every property: the seed is 1, or `FC_SEED`. */
export function propertySettings(env: Env): { seed: number; numRuns: number } {
  return { seed: whole(env, 'FC_SEED', { otherwise: 1, least: -(2 ** 31) }), numRuns: cases(USUAL_RUNS, env) };
}

function whole(env: Env, name: string, { otherwise, least }: { otherwise: number; least: number }): number {
  const said = env[name];
  if (said === undefined || said === '') return otherwise;
  const number = Number(said);
  if (!Number.isSafeInteger(number) || number < least) throw new Error(`${name}: expected a whole number from ${least}, got "${said}"`);
  return number;
}
