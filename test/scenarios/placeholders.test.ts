import { describe, expect, it } from 'vitest';
import { expanded, filled, placeholderMistake } from '../../src/scenarios/placeholders.js';

const fill = (text: string): string => filled(text, (placeholder) => `<${placeholder}>`);

describe('placeholders of a request', () => {
  it.each([
    ['/orders/{{index}}?id={{ uuid }}', '/orders/<index>?id=<uuid>'],
    ['{"a":{"b":{}}}', '{"a":{"b":{}}}'],
    [String.raw`\{{index}} {{index}}`, '{{index}} <index>'],
    ['{{other}}', '{{other}}'],
  ])('in %j', (text, result) => {
    expect(fill(text)).toBe(result);
  });

  it.each([
    ['{{index}} {{uuid}} {"a":{"b":{}}} \\{{name}}', undefined],
    ['a {{idnex}}', { at: 2, message: 'unknown placeholder "{{idnex}}", expected {{index}} or {{uuid}}; did you mean "index"?; \\{{ begins none' }],
    ['{{}}', { at: 0, message: 'unknown placeholder "{{}}", expected {{index}} or {{uuid}}; \\{{ begins none' }],
  ])('what is wrong with %j', (text, mistake) => {
    expect(placeholderMistake(text)).toEqual(mistake);
  });

  it('are no more than are known', () => {
    expect(placeholderMistake('{{uuid}}', ['index'])?.message).toMatch(/^unknown placeholder "\{\{uuid\}\}", expected \{\{index\}\}/);
  });
});

describe('what the environment says', () => {
  const env = { TOKEN: 'abc', EMPTY: '' };

  it.each([
    ['Bearer ${TOKEN}', { text: 'Bearer abc', taken: true }],
    ['${EMPTY}', { text: '', taken: true }],
    ['$TOKEN {TOKEN} \\${TOKEN}', { text: '$TOKEN {TOKEN} ${TOKEN}', taken: false }],
    ['${NONE}', { text: '', taken: true, mistake: 'the environment variable NONE is not set' }],
    ['${a b}', { text: '', taken: true, mistake: 'expected the name of an environment variable in "${a b}"; \\${ is none' }],
  ])('%j', (text, result) => {
    expect(expanded(text, env)).toEqual(result);
  });
});
