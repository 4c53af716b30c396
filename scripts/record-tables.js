const HEADER = ['| field | type | unit | what it is | example |', '| --- | --- | --- | --- | --- |'];

/**
 * Markdown of a JSON Schema of records: a table of its own fields, and one for each of its named parts.
 * @param {Record<string, any>} schema
 * @returns {string}
 */
export function recordTables({ $defs, ...root }) {
  const parts = [['The record', root], ...Object.entries($defs).toSorted(([a], [b]) => a.localeCompare(b))];
  return parts.map(([name, part]) => [`### ${name}`, '', part.description, '', ...bodyOf(part)].join('\n')).join('\n\n');
}

function bodyOf(part) {
  const rows = rowsOf(part, '');
  return rows.length > 0 ? [...HEADER, ...rows] : [`One of ${part.anyOf.map(typeOf).join(', ')}.`];
}

/** One row for each field, those of objects without a name among them. */
function rowsOf(part, within) {
  if (part.anyOf && !part.properties) return part.anyOf.flatMap((option) => (option.$ref ? [] : rowsOf(option, within)));
  if (part.type === 'array') return rowsOf(part.items ?? {}, `${within}[]`);
  if (isByName(part)) return rowsOf(part.additionalProperties, `${within}.NAME`);
  return Object.entries(part.properties ?? {}).flatMap(([name, field]) => {
    const path = within === '' ? name : `${within}.${name}`;
    return [rowOf(path, field, part.required.includes(name)), ...rowsOf(field, path)];
  });
}

function isByName({ additionalProperties }) {
  return typeof additionalProperties === 'object';
}

function rowOf(path, field, isRequired) {
  const [, about, unit = ''] = /^(.*?)(?: Unit: (.+)\.)?$/s.exec(field.description ?? '');
  const example = field.examples ? `\`${JSON.stringify(field.examples[0])}\`` : '';
  const cells = [`\`${path}\`${isRequired ? '' : '?'}`, typeOf(field), unit, about, example];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

/** In words, with a link where it is a part of its own. */
function typeOf(field) {
  if (field.$ref) return linked(decodeURIComponent(field.$ref.split('/').at(-1)));
  if (field.const !== undefined) return `\`${field.const}\``;
  if (field.enum) return field.enum.map((word) => (word === null ? 'null' : `\`${word}\``)).join(' or ');
  if (field.anyOf) return [...new Set(field.anyOf.map(typeOf))].join(' or ');
  if (field.type === 'array') return `list of ${typeOf(field.items)}`;
  if (isByName(field)) return `by name: ${typeOf(field.additionalProperties)}`;
  return [field.type].flat().join(' or ');
}

function linked(name) {
  return `[${name}](#${name.toLowerCase().replaceAll(' ', '-')})`;
}
