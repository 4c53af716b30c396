// One-place changes of a TypeScript source: operators, constants, conditions. Works on text, since the compiler has no API
// to ask; that types are written without spaces around `<` and `|` keeps them out of it.

const REPLACEMENTS = [
  [/ < /g, [' <= ', ' >= ']],
  [/ <= /g, [' < ', ' > ']],
  [/ > /g, [' >= ', ' <= ']],
  [/ >= /g, [' > ', ' < ']],
  [/ === /g, [' !== ']],
  [/ !== /g, [' === ']],
  [/ \+ /g, [' - ']],
  [/ - /g, [' + ']],
  [/ \* /g, [' / ']],
  [/ \/ /g, [' * ']],
  [/ \*\* /g, [' * ']],
  [/ % /g, [' * ']],
  [/ \+= /g, [' -= ']],
  [/ -= /g, [' += ']],
  [/ \*= /g, [' /= ']],
  [/ && /g, [' || ']],
  [/ \|\| /g, [' && ']],
  [/ \?\? /g, [' && ']],
  [/(?<=[(\s[])-(?=[\w(])/g, ['']],
  [/(?<=[(\s])!(?=[\w(])/g, ['']],
  [/\btrue\b/g, ['false']],
  [/\bfalse\b/g, ['true']],
  [/\.some\(/g, ['.every(']],
  [/\.every\(/g, ['.some(']],
  [/Math\.max\(/g, ['Math.min(']],
  [/Math\.min\(/g, ['Math.max(']],
  [/Math\.(floor|ceil)\(/g, ['Math.round(']],
  [/Math\.(log|exp|sqrt|log1p|expm1|abs)\(/g, ['(']],
  [/\.filter\(/g, ['.slice(0).map(']],
  [/\bif \((?=.)/g, ['if (!']],
  [/(?<![\w.'])(\d[\d_]*(?:\.\d+)?(?:e-?\d+)?)(?![\w.'])/g, [(number) => String(Number(number.replaceAll('_', '')) + 1)]],
];

/** Changes of words that carry meaning: one string literal for another. */
const WORDS = new Map([
  ['pass', 'fail'], ['fail', 'pass'], ['inconclusive', 'pass'], ['undecided', 'pass'],
  ['faster', 'slower'], ['slower', 'faster'], ['unsure', 'slower'],
  ['base first', 'head first'], ['head first', 'base first'], ['never', 'sometimes'], ['sometimes', 'never'],
]);

/** Every mutant as a place in the source and the text to put there. */
export function mutantsOf(source) {
  const code = blank(source);
  const mutants = [];
  for (const [pattern, texts] of REPLACEMENTS) {
    for (const match of code.matchAll(pattern)) {
      for (const text of texts) mutants.push(mutantAt(match, code, text));
    }
  }
  for (const match of code.matchAll(/'([^'\n]*)'/g)) {
    const word = WORDS.get(source.slice(match.index + 1, match.index + match[0].length - 1));
    if (word && !isType(code, match.index)) mutants.push({ start: match.index, end: match.index + match[0].length, text: `'${word}'` });
  }
  return mutants.filter(({ start }) => !isDeclaration(code, start)).toSorted((a, b) => a.start - b.start);
}

function mutantAt(match, code, text) {
  const end = match.index + match[0].length;
  const replacement = typeof text === 'function' ? text(match[0]) : text;
  if (!replacement.startsWith('if (!')) return { start: match.index, end, text: replacement };
  // The whole condition is negated.
  const close = closing(code, match.index + 'if '.length);
  return { start: match.index, end: close + 1, text: `if (!(${code.slice(match.index + 'if ('.length, close)}))` };
}

function closing(code, open) {
  let depth = 0;
  for (let i = open; i < code.length; i++) {
    if (code[i] === '(') depth++;
    if (code[i] === ')' && --depth === 0) return i;
  }
  throw new Error('unbalanced parentheses');
}

/** Comments blanked out, and what strings say when it could look like code; every position stays where it was. */
function blank(source) {
  return source.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/g, (token) => {
    if (token.startsWith("'")) return `'${'_'.repeat(token.length - 2)}'`;
    return token.startsWith('`') ? token : token.replace(/[^\n]/g, ' ');
  });
}

/** Types and imports have nothing to run. */
function isDeclaration(code, position) {
  const before = code.slice(0, position);
  const line = before.slice(before.lastIndexOf('\n') + 1);
  if (/^\s*(import|export type|type)\b/.test(line)) return true;
  const open = before.lastIndexOf('interface ');
  return open !== -1 && !/^\}/m.test(code.slice(open, position));
}

/** A string in a union. */
function isType(code, start) {
  return code.slice(0, start).endsWith(' | ') || /^'[^']*' \|/.test(code.slice(start));
}
