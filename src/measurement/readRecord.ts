/** A saved record, read back. */
import * as v from 'valibot';
import { expectedAt } from '../base/described-parts.js';
import { messageOf, UserError } from '../base/errors.js';
import { describe } from '../scenarios/problem.js';
import { parseLongJson } from './long-json.js';
import { openRecord } from './redacted-record.js';
import { SCHEMA_VERSION, type RunRecord } from './record.js';
import { FINDING_KINDS } from './schema/finding.js';
import { runRecord } from './schema/record.js';
import { completed, firstVersion } from './schema/version-1.js';

/**
 * The record in a text, or in the bytes of one that is longer than a text can be. Fields that its schema does not tell of are left
 * as they are; a finding of a kind that came later is left out.
 * @param path of its file, for the message
 * @throws UserError when it is no record, a damaged one, or one of a schema version that is not known
 */
export function parseRecord(text: string | Buffer, path: string): RunRecord {
  const value = parseJson(text, path);
  if (!isObject(value) || value.schemaVersion === undefined) {
    throw new UserError(`${path} is not a record of sync-vs-events. ${HINT}`);
  }
  // It may be older than the rule that secrets stay out.
  return openRecord(readVersion(value, path));
}

const HINT = 'Expected a file that was saved with `-o json=PATH`.';

function parseJson(text: string | Buffer, path: string): unknown {
  try {
    return typeof text === 'string' ? JSON.parse(text.replace(/^\uFEFF/, '')) : parseLongJson(text);
  } catch (error) {
    // It repeats what stands there, which may be anything.
    const reason = messageOf(error).replaceAll(/[\p{Cc}\uFFFD]+/gu, '?');
    throw new UserError(`${path} is not JSON: ${reason}. ${HINT}`);
  }
}

function readVersion(value: Record<string, unknown>, path: string): RunRecord {
  if (value.schemaVersion === SCHEMA_VERSION) return checked(runRecord, withKnownFindings(value), path);
  if (value.schemaVersion === 1) return completed(checked(firstVersion, value, path));
  throw new UserError(
    `${path} is a record of schema version ${JSON.stringify(value.schemaVersion)}, and this program reads versions 1 and ` +
      `${SCHEMA_VERSION}. Use the version of sync-vs-events that wrote it, or make the record again.`,
  );
}

/** The value itself, and no copy: what the schema does not tell of stays. @throws UserError at the first place that is not as its schema says */
function checked(schema: v.GenericSchema, value: Record<string, unknown>, path: string): RunRecord {
  const issue = v.safeParse(schema, value, { abortEarly: true }).issues?.[0];
  if (issue) throw new UserError(`${path} is a damaged record: ${damage(schema, issue, value)}. Restore the file, or make the record again.`);
  return value as unknown as RunRecord;
}

/** `trials[0].samples.time is missing, expected a string` */
function damage(schema: v.GenericSchema, { path, input, message, type }: v.BaseIssue<unknown>, value: unknown): string {
  const keys = (path ?? []).map(({ key }) => key as string | number);
  const where = keys.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('').slice(1);
  if (type === 'check') return `${where} ${message}`;
  return `${where} is ${told(path?.at(-1) ? path.at(-1)!.value : input)}, expected ${expectedAt(schema, keys, value)}`;
}

function told(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : describe(value);
}

/** A minor addition may be a new kind of finding, which this version has no words for. */
function withKnownFindings(value: Record<string, unknown>): Record<string, unknown> {
  const { advice } = value;
  if (!Array.isArray(advice)) return value;
  const known: ReadonlySet<unknown> = new Set(FINDING_KINDS);
  return { ...value, advice: advice.filter((found: unknown) => !isObject(found) || typeof found.kind !== 'string' || known.has(found.kind)) };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
