/**
 * The parts a scenario file is described with: each is a valibot schema that carries its own JSON Schema, so that what
 * is read and what editors are told cannot part.
 */
import * as v from 'valibot';
import { nearest } from '../../base/units.js';
import { didYouMean, expected } from '../problem.js';

export type JsonSchema = Record<string, unknown>;

/** Unknown keys of one mapping that are reported; a text of nothing else would take for ever. */
const MOST_UNKNOWN = 20;

/** Reads a value of the file; its output is in milliseconds, ratios and bytes. */
export type Field<T> = v.GenericSchema<unknown, T>;

/** A field that may be left out. */
type Optional<T> = v.ExactOptionalSchema<Field<T>, undefined>;

/** The JSON Schema that a field carries. */
export function jsonOf(field: v.GenericSchema): JsonSchema {
  if ('wrapped' in field) return jsonOf(field.wrapped as v.GenericSchema);
  const description = v.getDescription(field);
  const { json } = v.getMetadata(field) as { json?: JsonSchema };
  return { ...json, ...(description === undefined ? {} : { description }) };
}

/**
 * A single value.
 * @param what completes "expected ..."
 * @param read the value inside; undefined when the input is not one
 * @param suggest what the writer may have meant, as it would stand in the file
 */
export function scalar<T>(
  what: string,
  json: JsonSchema,
  read: (input: unknown) => T | undefined,
  suggest?: (input: unknown) => string | undefined,
): Field<T> {
  const transform = v.rawTransform<unknown, T>(({ dataset, addIssue, NEVER }) => {
    const value = read(dataset.value);
    if (value === undefined) addIssue({ message: expected(what, dataset.value, suggest?.(dataset.value)) });
    return value ?? NEVER;
  });
  return v.pipe(v.unknown(), transform, v.metadata({ json }));
}

/** What is wrong with a single value; undefined when nothing is. */
export function mistakeIn(field: v.GenericSchema, input: unknown): string | undefined {
  return v.safeParse(field, input).issues?.[0].message;
}

/** A field of a mapping that must be there. */
export function required<T>(field: Field<T>, about: string): Field<T> {
  return v.pipe(field, v.description(about));
}

/** A field of a mapping that may be left out. */
export function optional<T>(field: Field<T>, about: string): Optional<T> {
  return v.exactOptional(required(field, about));
}

/** A mapping with these fields and no others. */
export function fields<const E extends v.ObjectEntries>(
  what: string,
  entries: E,
): Field<v.InferOutput<v.ObjectSchema<E, undefined>>> {
  const known = Object.keys(entries);
  const needed = known.filter((key) => entries[key]?.type !== 'exact_optional');
  const properties = Object.fromEntries(known.map((key) => [key, jsonOf(entries[key] as v.GenericSchema)]));
  const json = { type: 'object', properties, required: needed, additionalProperties: false };
  return v.pipe(
    v.unknown(),
    mapping(what),
    v.looseObject(entries, `is missing in ${what}`),
    v.rawCheck(({ dataset, addIssue }) => {
      const strangers = Object.entries(dataset.value as object).filter(([key]) => !known.includes(key));
      for (const [key, value] of strangers.slice(0, MOST_UNKNOWN)) {
        const message = `unknown in ${what}, which has ${known.join(', ')}${didYouMean(nearest(key, known))}`;
        addIssue({ message, path: [{ type: 'object', origin: 'key', input: dataset.value as never, key, value }] });
      }
    }),
    v.metadata({ json }),
  );
}

/** A list. */
export function list<T>(what: string, item: Field<T>, least: number, most: number): Field<T[]> {
  const words = `${what} (a list of ${least} to ${most})`;
  const json = { type: 'array', items: jsonOf(item), minItems: least, maxItems: most };
  const holds = (input: unknown): boolean => Array.isArray(input) && input.length >= least && input.length <= most;
  return v.pipe(v.unknown(), sized(words, holds), v.array(item), v.metadata({ json }));
}

/** A mapping from names to values of one kind, in the order of the file. */
export function named<T>(what: string, name: Field<string>, value: Field<T>, most: number): Field<Map<string, T>> {
  const words = `${what} (a mapping of at most ${most})`;
  const holds = (input: unknown): boolean => isMapping(input) && Object.keys(input).length <= most;
  const json = {
    type: 'object', propertyNames: jsonOf(name), additionalProperties: jsonOf(value), maxProperties: most,
  };
  return v.pipe(
    v.unknown(),
    sized(words, holds),
    v.record(name as v.GenericSchema<string, string>, value),
    v.transform((record) => new Map<string, T>(Object.entries(record))),
    v.metadata({ json }),
  );
}

/** One of several forms; `pick` tells which of them the input was meant to be. */
export function either<T>(options: readonly Field<T>[], pick: (input: unknown) => Field<T>): Field<T> {
  return v.pipe(v.lazy<Field<T>>(pick), v.metadata({ json: { anyOf: options.map(jsonOf) } }));
}

/** One value, or a list of them. */
export function oneOrMany<T>(what: string, item: Field<T>, least: number, most: number): Field<T[]> {
  const one = mapped(item, (value) => [value]);
  const many = list(what, item, least, most);
  return either([one, many], (input) => (Array.isArray(input) ? many : one));
}

/** A field whose value is kept in another form than it is written. */
export function mapped<T, U>(field: Field<T>, change: (value: T) => U): Field<U> {
  return v.pipe(field, v.transform(change));
}

/** A field with a rule between its parts. */
export function checked<T>(field: Field<T>, rule: string, holds: (value: T) => boolean): Field<T> {
  return v.pipe(field, v.check(holds, rule));
}

/** Whether the input is a mapping of the file. */
export function isMapping(input: unknown): input is Record<string, unknown> {
  return typeof input === 'object' && input !== null && !Array.isArray(input);
}

/** Lets pass what has the right form to be looked into. */
type Gate = v.CustomSchema<unknown, (issue: v.CustomIssue) => string>;

function mapping(what: string): Gate {
  return sized(what, isMapping);
}

function sized(what: string, holds: (input: unknown) => boolean): Gate {
  return v.custom<unknown, (issue: v.CustomIssue) => string>(holds, (issue) => expected(what, issue.input));
}
