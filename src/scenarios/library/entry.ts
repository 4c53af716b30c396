/** What the library keeps of a scenario. */

/** What a scenario of the library stands for. */
export const GROUPS = ['the claim', 'mistakes', 'tips', 'stay with requests', 'real world', 'chains'] as const;
export type Group = (typeof GROUPS)[number];

/** A scenario of the library as it is kept. */
export interface LibraryEntry {
  group: Group;
  /** What the article says about it, in our words. */
  article: string;
  yaml: string;
}
