/** What is wrong with a scenario file, said so that it can be mended. */
import { UserError } from '../base/errors.js';
import { maskUrls } from '../base/urls.js';

/** Keys and list positions from the top of the file to the value. */
export type Path = readonly (string | number)[];

/** One mistake. `at`: whether the key or its value is wrong. */
export interface Problem {
  path: Path;
  message: string;
  at: 'key' | 'value';
}

/** Where something stands in a file; both count from 1. */
export interface Position {
  line: number;
  column: number;
}

const SHOWN = 20;

/**
 * One error with every problem, in the order of the file: `file:line:column: path: message`.
 * @param locate position of a problem
 * @param hasLines whether its lines are told; they order the problems without it, too
 */
export function problemsError(
  file: string,
  problems: readonly Problem[],
  locate: (problem: Problem) => Position,
  hasLines = true,
): UserError {
  const lines = placedLines(file, problems, locate);
  return listError(hasLines ? lines : lines.map((line) => `${file}${line.slice(file.length).replace(/^:\d+:\d+/, '')}`));
}

/**
 * One line for each problem, in the order of the file.
 * @param kind stands before what each says: `warning: `
 */
export function placedLines(file: string, problems: readonly Problem[], locate: (problem: Problem) => Position, kind = ''): string[] {
  const placed = problems.map((problem) => ({ problem, ...locate(problem) }));
  placed.sort((a, b) => a.line - b.line || a.column - b.column);
  const lines = placed.map(({ problem, line, column }) => {
    const path = problem.path.length > 0 ? `${pathText(problem.path)}: ` : '';
    return `${file}:${line}:${column}: ${kind}${path}${problem.message}`;
  });
  return [...new Set(lines)];
}

/** One error out of many lines; very many are cut short. */
export function listError(lines: readonly string[]): UserError {
  const rest = lines.length - SHOWN;
  return new UserError([...lines.slice(0, SHOWN), ...(rest > 0 ? [`... and ${rest} more`] : [])].join('\n'));
}

/** `expected a duration such as 300ms, got "3oo"; did you mean "300ms"?` */
export function expected(what: string, got: unknown, suggestion?: string): string {
  return `expected ${what}, got ${describe(got)}${didYouMean(suggestion)}`;
}

/** The end of a sentence about a mistyped name; empty without a suggestion. */
export function didYouMean(suggestion: string | undefined): string {
  return suggestion === undefined ? '' : `; did you mean "${printable(suggestion)}"?`;
}

/** A value in a few words: strings in quotes, cut, with nothing in them that a terminal would act on. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') return typeof value;
  const open = maskUrls(value);
  const short = open.length > 60 ? `${open.slice(0, 57)}...` : open;
  return printable(JSON.stringify(short));
}

/** A text on one line, with nothing in it that a terminal would act on. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]/gu, escapeCharacter);
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** `steps.2.retries.budget`; keys that are no plain words stand in quotes. */
export function pathText(path: Path): string {
  return path.map((key) => (/^[\w$-]{1,60}$/.test(String(key)) ? String(key) : describe(String(key)))).join('.');
}
