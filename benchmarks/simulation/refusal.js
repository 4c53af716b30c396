/** Why a row of exact values is not simulated: a sentence. */
export class Refusal extends Error {}

/** @throws Refusal */
export function refuse(why) {
  throw new Refusal(why);
}
