/** One fault: a sentence, or its first word as the key of a mapping. */
import * as v from 'valibot';
import { type Fault } from '../fault.js';
import { FAULT_PATTERN, parseFault } from '../fault-sentence.js';
import { expected } from '../problem.js';
import { isMapping, type Field } from './field.js';

const SENTENCE = { type: 'string', pattern: FAULT_PATTERN };
const MAPPING = {
  type: 'object',
  minProperties: 1,
  maxProperties: 1,
  propertyNames: { enum: ['crash', 'pause', 'duplicate', 'drop', 'reorder', 'delay', 'poison'] },
  additionalProperties: { type: 'string' },
};

const read = v.rawTransform<unknown, Fault>(({ dataset, addIssue, NEVER }) => {
  const sentence = sentenceOf(dataset.value);
  const parsed = sentence === undefined ? { mistake: expected('a fault such as "crash server at 3s"', dataset.value) } : parseFault(sentence);
  if ('fault' in parsed) return parsed.fault;
  addIssue({ message: parsed.mistake });
  return NEVER;
});

/** `crash server at 3s`, or `crash: server at 3s`. */
export const fault: Field<Fault> = v.pipe(v.unknown(), read, v.metadata({ json: { anyOf: [SENTENCE, MAPPING] } }));

function sentenceOf(input: unknown): string | undefined {
  if (typeof input === 'string') return input;
  const [entry, ...more] = isMapping(input) ? Object.entries(input) : [];
  return entry && more.length === 0 && typeof entry[1] === 'string' ? entry.join(' ') : undefined;
}
