/**
 * A YAML or JSON text as plain data that knows where everything stands. Hostile texts are refused before they can cost
 * more than a second or two.
 */
import { isMap, isScalar, isSeq, Lexer, LineCounter, parseDocument, visit } from 'yaml';
import type { Document, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import { messageOf, UserError } from '../base/errors.js';
import { isReserved } from './format/values.js';
import { describe, listError, printable, type Position, type Problem } from './problem.js';

/** A text that was read. */
export interface SourceDocument {
  value: unknown;
  /** Where the problem stands; the nearest thing around it that exists when the place itself does not. */
  locate: (problem: Pick<Problem, 'path' | 'at'>) => Position;
}

const MOST_CHARACTERS = 1_000_000;
const MOST_TOKENS = 100_000;
const MOST_ALIASES = 100;
// Control characters that YAML forbids, and what broken UTF-8 is decoded to.
const BINARY = /(?![\t\n\r\u0085])[\p{Cc}\ufffd]/u;

/**
 * Reads a text.
 * @param file its name, for the errors
 * @throws UserError with every mistake of syntax, each with file:line:column
 */
export function readDocument(text: string, file: string): SourceDocument {
  refuseHostile(text, file);
  const lines = new LineCounter();
  const position = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const complain = (mistakes: readonly Mistake[]): void => {
    if (mistakes.length === 0) return;
    throw listError(mistakes.map(({ offset, message }) => `${file}:${place(position(offset))}: ${printable(message)}`));
  };
  const document = guarded(file, () => parsed(text, lines));
  complain([...document.errors, ...document.warnings].map(({ pos, message }) => ({ offset: pos[0], message: remedied(message) })));
  complain(guarded(file, () => nodeMistakes(document)));
  const value: unknown = guarded(file, () => document.toJS({ maxAliasCount: MOST_ALIASES }));
  return { value, locate: (problem) => position(offsetOf(document, problem)) };
}

function parsed(text: string, lineCounter: LineCounter): Document {
  // Duplicate keys are found by `nodeMistakes`: the library's own search takes quadratic time.
  const document = parseDocument(text, { lineCounter, prettyErrors: false, uniqueKeys: false, merge: true });
  // The library turns an overflow of the stack into one error for each level.
  if (document.errors.some(({ message }) => /call stack/i.test(message))) throw new RangeError('call stack');
  return document;
}

/** What the library says, and what to do where that is not plain. */
function remedied(message: string): string {
  return message === 'Tabs are not allowed as indentation' ? `${message}: write spaces` : message;
}

interface Mistake {
  offset: number;
  message: string;
}

function place({ line, column }: Position): string {
  return `${line}:${column}`;
}

function refuseHostile(text: string, file: string): void {
  if (text.length > MOST_CHARACTERS) throw new UserError(`${file}: larger than 1 MB; a scenario takes a few kilobytes`);
  const found = BINARY.exec(text);
  if (found) {
    const before = text.slice(0, found.index).split('\n');
    const at = place({ line: before.length, column: (before.at(-1)?.length ?? 0) + 1 });
    const got = `got the character ${describe(found[0])}`;
    throw new UserError(`${file}:${at}: expected YAML or JSON text, ${got}; is this a binary file?`);
  }
  let tokens = 0;
  for (const _ of new Lexer().lex(text)) {
    if (++tokens <= MOST_TOKENS) continue;
    throw new UserError(`${file}: more than ${MOST_TOKENS} words and signs; a scenario takes a few hundred`);
  }
}

/** Runs the library on a text; whatever it throws is about the text. */
function guarded<T>(file: string, read: () => T): T {
  const { stackTraceLimit } = Error;
  // A text of nothing but mistakes makes 250,000 errors, and a stack for each would take most of the time.
  Error.stackTraceLimit = 0;
  try {
    return read();
  } catch (error) {
    const reason = error instanceof RangeError ? 'nested too deeply' : printable(messageOf(error));
    throw new UserError(`${file}: cannot be read as YAML or JSON: ${reason}`);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** Keys that stand twice or cannot be names, tags, and more aliases than anyone writes by hand. */
function nodeMistakes(document: Document): Mistake[] {
  const mistakes: Mistake[] = [];
  let aliases = 0;
  visit(document, {
    Scalar: (_, scalar) => void mistakes.push(...tagMistake(scalar)),
    Seq: (_, list) => void mistakes.push(...tagMistake(list)),
    Alias: (_, alias) => {
      if (++aliases !== MOST_ALIASES + 1) return;
      mistakes.push({ offset: start(alias), message: `more than ${MOST_ALIASES} aliases` });
    },
    Map: (_, map) => {
      mistakes.push(...tagMistake(map));
      const seen = new Set<unknown>();
      for (const { key } of map.items) {
        const name = isScalar(key) ? nameOf(key) : undefined;
        const message = keyMistake(name, seen.has(name));
        if (message) mistakes.push({ offset: start(key), message });
        seen.add(name);
      }
    },
  });
  return mistakes;
}

/** The library has a symbol for the key that merges other mappings into its own. */
function nameOf({ value, source }: Scalar): unknown {
  return typeof value === 'symbol' ? source : value;
}

/** A tag makes other things of plain data: bytes, sets, dates. */
function tagMistake(node: Scalar | YAMLMap | YAMLSeq): Mistake[] {
  if (node.tag === undefined) return [];
  return [{ offset: start(node), message: `the tag ${describe(node.tag)} has no meaning here` }];
}

function keyMistake(name: unknown, again: boolean): string | undefined {
  if (typeof name !== 'string') {
    return `expected a name as key, got ${isScalarValue(name) ? describe(name) : 'something else'}`;
  }
  if (isReserved(name)) return `${describe(name)} cannot be used as a name`;
  return again ? `${describe(name)} stands here a second time` : undefined;
}

function isScalarValue(value: unknown): boolean {
  return value === null || typeof value === 'number' || typeof value === 'boolean';
}

/** Where the node of a path begins; the nearest thing around it when it does not exist or stands behind an alias. */
function offsetOf(document: Document, { path, at }: Pick<Problem, 'path' | 'at'>): number {
  let node: unknown = document.contents;
  let around = start(node);
  for (const [depth, key] of path.entries()) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && item.key.value === key);
      if (!pair) return around;
      around = start(pair.key);
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(key)];
      if (node === undefined) return around;
      around = start(node);
    } else return node === null ? around : start(node);
    if (depth === path.length - 1 && at === 'key') return around;
  }
  return node === null || node === undefined ? around : start(node);
}

function start(node: unknown): number {
  return (node as { range?: [number, number, number] | null } | null)?.range?.[0] ?? 0;
}
