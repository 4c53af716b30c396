/** What stands in a text for something that is known later: `{{index}}` when a request is written, `${NAME}` in the environment. */
import { nearest } from '../base/units.js';
import { describe, didYouMean } from './problem.js';

/** Of each request: its index, and a UUID of its own in every place. */
export const PLACEHOLDERS = ['index', 'uuid'] as const;
export type Placeholder = (typeof PLACEHOLDERS)[number];

/** A backslash in front of it takes its meaning away. */
const OF_REQUEST = /(\\?)\{\{\s*([^{}]*?)\s*\}\}/g;
const OF_ENVIRONMENT = /(\\?)\$\{([^{}]*)\}/g;
const NAME = /^[A-Za-z_]\w*$/;

/** The text with its placeholders replaced; what is none stays as it is. */
export function filled(text: string, valueOf: (placeholder: Placeholder) => string): string {
  return text.replace(OF_REQUEST, (whole: string, escape: string, name: string) => {
    if (escape !== '') return whole.slice(1);
    const placeholder = PLACEHOLDERS.find((known) => known === name);
    return placeholder === undefined ? whole : valueOf(placeholder);
  });
}

/** Whether every request has another text. */
export function hasPlaceholders(text: string): boolean {
  return text.search(OF_REQUEST) >= 0;
}

/** The first placeholder that means nothing: what is wrong, and where in the text, from 0; undefined when all are known. */
export function placeholderMistake(text: string, known: readonly Placeholder[] = PLACEHOLDERS): { message: string; at: number } | undefined {
  for (const { 1: escape, 2: name = '', index: at } of text.matchAll(OF_REQUEST)) {
    if (escape !== '' || known.some((one) => one === name)) continue;
    const names = known.map((one) => `{{${one}}}`).join(' or ');
    return { at, message: `unknown placeholder ${describe(`{{${name}}}`)}, expected ${names}${didYouMean(nearest(name, known))}; \\{{ begins none` };
  }
  return undefined;
}

/** The text with what the environment says. */
export interface Expanded {
  text: string;
  /** Whether anything was taken from the environment. */
  taken: boolean;
  mistake?: string;
}

/** Replaces `${NAME}`. */
export function expanded(text: string, env: Readonly<Record<string, string | undefined>>): Expanded {
  let taken = false;
  let mistake: string | undefined;
  const result = text.replace(OF_ENVIRONMENT, (whole: string, escape: string, name: string) => {
    if (escape !== '') return whole.slice(1);
    if (!NAME.test(name)) mistake ??= `expected the name of an environment variable in ${describe(whole)}; \\\${ is none`;
    else if (env[name] === undefined) mistake ??= `the environment variable ${name} is not set`;
    taken = true;
    return env[name] ?? '';
  });
  return { text: result, taken, ...(mistake === undefined ? {} : { mistake }) };
}
