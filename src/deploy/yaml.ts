/** YAML that older readers understand as well: what they would take for a boolean (`no`) is quoted, and nothing is said by reference. */
import { stringify } from 'yaml';

export function yamlOf(value: object): string {
  return stringify(value, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false });
}
