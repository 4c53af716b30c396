/**
 * Parts of a value that documents itself: a valibot schema whose every field says what it is, its unit and an example. Types,
 * validator, JSON Schema and pages are made from the same parts, and cannot part.
 */
import * as v from 'valibot';

/** A schema of values that are read as they are written. */
export type Part<T> = v.GenericSchema<T>;

/** What the fields of such an object hold. */
export type Holds<E extends v.ObjectEntries> = v.InferOutput<v.ObjectSchema<E, undefined>>;

/** Beside what it is. */
export interface Details {
  /** `ms`, `1/s`, `share`, ...: of numbers. */
  unit?: string;
  /** As it may stand in a record. */
  example?: unknown;
}

/** A part, described. */
export function described<T>(part: Part<T>, about: string, details: Details = {}): Part<T> {
  return v.pipe(part, v.description(about), v.metadata({ details }));
}

function number(unit: string) {
  return (about: string, example: number): Part<number> => described(v.number(), about, { unit, example });
}

/** A length of time, or a moment within a window. */
export const ms = number('ms');
export const seconds = number('s');
export const perSecond = number('1/s');
/** 0 to 1. */
export const share = number('share');
/** How many there are. */
export const count = number('count');
export const bytes = number('bytes');
/** One number by another of its kind. */
export const ratio = number('ratio');
/** A number whose unit its own description tells. */
export const plainNumber = number('number');

export function text(about: string, example: string): Part<string> {
  return described(v.string(), about, { example });
}

/** Text of bytes, which may be very long: it is not looked into. */
export function base64(about: string): Part<string> {
  return described(v.string(), about, { unit: 'base64', example: 'AAAAAA==' });
}

export function flag(about: string, example = false): Part<boolean> {
  return described(v.boolean(), about, { example });
}

/** One of these words. */
export function oneOf<const W extends readonly string[]>(words: W, about: string): Part<W[number]> {
  return described(v.picklist(words), about, { example: words[0] });
}

export function list<T>(item: Part<T>, about: string, example?: unknown): Part<T[]> {
  return described(v.array(item), about, example === undefined ? {} : { example });
}

/** Values by name. */
export function byName<T>(value: Part<T>, about: string, example?: unknown): Part<Record<string, T>> {
  return described(v.record(v.string(), value), about, example === undefined ? {} : { example });
}

/** Or null, which the description has to explain. */
export function orNull<T>(part: Part<T>): Part<T | null> {
  return v.nullable(part);
}

/** May be left out. */
export function optional<T>(part: Part<T>): v.ExactOptionalSchema<Part<T>, undefined> {
  return v.exactOptional(part);
}

/** An object with a name and a section of its own. What it holds beside these fields is not looked at. */
export function section<const E extends v.ObjectEntries>(name: string, about: string, entries: E): Part<Holds<E>> {
  return v.pipe(v.object(entries), v.title(name), v.description(about));
}

/** An object without a name. */
export function object<const E extends v.ObjectEntries>(about: string, entries: E): Part<Holds<E>> {
  return v.pipe(v.object(entries), v.description(about));
}

/** One of several objects, which a field of theirs, `key`, tells apart. */
export function variants<T>(key: string, options: readonly v.GenericSchema[]): Part<T> {
  return v.variant(key, options as never);
}
