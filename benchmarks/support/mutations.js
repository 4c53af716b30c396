// Damages texts the way hands, editors and attackers do. The same seed makes the same damage.
import { randomOf } from './random.js';

// What scenario files are made of, and what they must survive.
const TOKENS = [
  '- ', ': ', '{', '}', '[', ']', ',', '!', '&a ', '*a', '<<: ', '? ', '|\n', '>\n', '"', "'", '#', '%', '---\n', '...\n', '\t', '\n',
  '~', 'null', 'true', 'yes', '.nan', '.inf', '-1', '0', '1e308', '1e-400', '99999999999999999999', '0x7fffffff', '-0', '1_000',
  '300', '300ms', '-5ms', '1e9s', '0ms', '1%', '101%', '.5%', 'unlimited', 'auto', 'none', '!!binary ', '!!set ', '!x ', '\\x1b', '\u0000',
  '\ufeff', '\ufffd', '\u2028', '\ud800', '😀', '__proto__: ', 'constructor: ', 'toString', 'hasOwnProperty', 'services: ', 'steps: ',
  'event: ', 'load: ', 'variants: ', 'after: ', 'retries: ', 'latency: ', 'values: ', 'outages: ', 'payment', 'email', 'email!',
];

/** A damaged copy of one of the texts: one to five mutations. */
export function mutated(texts, seed) {
  const { uniform } = randomOf(seed);
  const below = (n) => Math.floor(uniform() * n);
  const pick = (list) => list[below(list.length)];
  let text = pick(texts);
  for (let times = 1 + below(5); times > 0; times--) text = pick(MUTATIONS)(text, { below, pick, texts });
  return text;
}

/** Replaces the stretch from `from` to `to`. */
function replaced(text, from, to, by) {
  return text.slice(0, from) + by + text.slice(to);
}

function changedLine(text, { below }, change) {
  const lines = text.split('\n');
  const at = below(lines.length);
  lines.splice(at, 1, ...change(lines[at], lines));
  return lines.join('\n');
}

const MUTATIONS = [
  (text, { below, pick }) => ((at) => replaced(text, at, at, pick(TOKENS)))(below(text.length + 1)),
  (text, { below, pick }) => ((at) => replaced(text, at, at + below(12), pick(TOKENS)))(below(text.length + 1)),
  (text, { below }) => ((at) => replaced(text, at, at + below(40), ''))(below(text.length + 1)),
  (text, { below }) => ((at) => replaced(text, at, at + 1, String.fromCharCode(below(0x3000))))(below(text.length + 1)),
  (text, { below }) => ((at) => replaced(text, at, at, text.slice(below(text.length + 1)).slice(0, 200)))(below(text.length + 1)),
  (text, { below }) => text.slice(0, below(text.length + 1)),
  (text, tools) => changedLine(text, tools, () => []),
  (text, tools) => changedLine(text, tools, (line) => [line, line]),
  (text, tools) => changedLine(text, tools, (line) => [' '.repeat(tools.below(9)) + line]),
  (text, tools) => changedLine(text, tools, (line) => [line.trimStart()]),
  (text, tools) => changedLine(text, tools, (line, lines) => [tools.pick(lines) ?? '']),
  (text, tools) => changedLine(text, tools, (line) => [line.replace(/[^:]*$/, ` ${tools.pick(TOKENS)}`)]),
  (text, tools) => changedLine(text, tools, (line) => [line, ...tools.pick(tools.texts).split('\n').slice(0, 5)]),
  (text, { pick }) => text.replace(/\d+(ms|s|%)?/, pick(TOKENS)),
  (text, { below, pick }) => ((at) => replaced(text, at, at, pick(TOKENS).repeat(1 + below(300))))(below(text.length + 1)),
];
