/** What the library keeps of a scenario. */

/** What a scenario of the library stands for. */
export const GROUPS = ['the claim', 'mistakes', 'tips', 'stay with requests', 'real world', 'chains'] as const;
export type Group = (typeof GROUPS)[number];

/** A scenario of the library as it is kept. */
export interface LibraryEntry {
  group: Group;
  /** What the article says about it, in our words. */
  article: string;
  /**
   * What each arrangement does with it and what is to be learned, in paragraphs: of the chains. A number that a simulated minute has
   * (seed 1) stands as `[97 ms](hybrid@40: p50)`: the text, and what it is in the words of thresholds.
   */
  story?: string;
  yaml: string;
}

/** The paragraphs of a story as they are read: without what its numbers are. */
export function paragraphsOf(story: string): string[] {
  const plain = story.replace(/\[([^\]]*)\]\([^()]*@[^()]*\)/g, '$1');
  return plain.trim().split(/\n{2,}/).map((paragraph) => paragraph.replace(/\s*\n\s*/g, ' '));
}
