/** What a scenario file says of its load itself, before defaults are filled in. */
import { readDocument } from './document.js';
import { isMapping } from './format/field.js';

/**
 * The keys below `load` in a text.
 * @throws UserError for one that cannot be read
 */
export function saidOfLoad(text: string, file: string): ReadonlySet<string> {
  const { value } = readDocument(text, file);
  const load = isMapping(value) ? value.load : undefined;
  return new Set(isMapping(load) ? Object.keys(load) : []);
}
