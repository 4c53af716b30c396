/** What people mistype: each is refused with 2 and a sentence that says what is wrong, where, and what to do; nothing is run or written. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.js';
import { fakeIo } from '../support/fake-io.js';
import { FORMS, shopRequest } from '../traces/fixtures.js';

const SHOP = `
services: { payment: { latency: 30ms, workers: 40 }, email: { latency: 20ms, workers: 20 } }
steps: [payment!, email]
load: { users: [2, 5], duration: 500ms, warmup: 100ms }
`;
const BYTES = Buffer.from([0, 1, 2, 255, 254, 137, 27, 91]);

const FILES: Record<string, string | Uint8Array> = {
  'shop.yaml': SHOP,
  'empty.yaml': '',
  'binary.yaml': BYTES,
  'tab.yaml': 'services:\n\tpayment: 30ms\nsteps: [payment!]\n',
  'key.yaml': `${SHOP}lod: 5\n`,
  'unit.yaml': SHOP.replace('30ms', '30 parsecs'),
  'step.yaml': SHOP.replace('[payment!', '[paymnet!'),
  'samples.yaml': 'services: { pay: { latency: { values: folder } } }\nsteps: [pay!]\n',
  'mine.yaml': 'targets: { mine: http://127.0.0.1:1/ }\nload: { users: 3, duration: 1s }\n',
  'empty.json': '',
  'binary.json': BYTES,
  'other.json': '{"name":"x"}',
  'newer.json': '{"schemaVersion":99,"tool":{"name":"sync-vs-events","version":"9"}}',
  'traces.json': FORMS['OTLP JSON']!(Array.from({ length: 40 }, (_, n) => shopRequest(n)).flat()),
  'taken.csv': 'a\n1\n',
};

let folder: string;
let given: string[];
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'sync-vs-events-'));
  for (const [name, text] of Object.entries(FILES)) writeFileSync(path.join(folder, name), text);
  mkdirSync(path.join(folder, 'folder'));
  mkdirSync(path.join(folder, 'folder.yaml'));
  given = readdirSync(folder, { recursive: true }) as string[];
});
afterEach(() => rmSync(folder, { recursive: true }));

const ran = (): never => {
  throw new Error('It was run.');
};

const TO = ['-a', 'sync', '--target', 'http://127.0.0.1:1', '-c', '5'];
const NONE = 'nowhere/x: cannot write: the folder nowhere does not exist: create it first.';
const FOLDER = 'this is a folder: name a file in it.';
const SWEPT = 'expected one such as email.workers=10,20,40, users=100,1000 or email.timeout=500ms,3s.';

/** Command lines, and what is said of them, from the beginning; a list: with a second line. */
const MISTYPED: readonly (readonly [line: string, said: string | readonly [string, string]])[] = [
  // Commands and options.
  ['bnch', ["unknown command 'bnch'", '(Did you mean bench?)']],
  ['shop.yaml', ["unknown command 'shop.yaml'", '(sync-vs-events --help lists the commands; a scenario is measured by sync-vs-events bench shop.yaml)']],
  ['-c 5', ["unknown option '-c'", '(sync-vs-events --help lists the commands)']],
  ['bench --usres 5', ["unknown option '--usres'", '(Did you mean --users?)']],
  ['noise --rate 5', ["unknown option '--rate'", '(sync-vs-events noise --help tells what it takes)']],
  ['bench checkout capacity', ["too many arguments for 'bench'. Expected 1 argument but got 2.", '(sync-vs-events bench --help tells what it takes)']],
  ['compare a.json', ["missing required argument 'head.json'", '(sync-vs-events compare --help tells what it takes)']],
  ['export k6', ["required option '-a, --architectures <name>' not specified", '(sync-vs-events export --help tells what it takes)']],
  ['bench --users', "option '-c, --users <list>' argument missing"],
  ['bench -d 10', "option '-d, --duration <time>' argument '10' is invalid. Expected a duration such as 250ms, 10s or 2m."],
  ['bench -c 5,', "option '-c, --users <list>' argument '5,' is invalid. Expected values between commas, none empty."],
  ['bench --rounds 1.5', "option '--rounds <n>' argument '1.5' is invalid. Expected a whole number between 1 and 1000."],
  ['bench --bus kafak', "option '--bus <name>' argument 'kafak' is invalid. Allowed choices are memory, outbox, nats"],
  ['serve sync --port 99999', "option '-p, --port <n>' argument '99999' is invalid. Expected a whole number between 0 and 65535."],
  ['capacity shop.yaml --from 50 --most 5 --simulate', '--from 50 is where the search begins, and --most 5 the highest that it tries: give the smaller one first.'],
  // Names.
  ['bench chekout', 'Unknown scenario "chekout": did you mean checkout?'],
  ['serve checkout', 'Unknown architecture "checkout". Known: sync, parallel, hybrid, event-driven.'],
  ['scenarios shop.yaml', 'shop.yaml is a file of your own: -o svg=PATH draws it, and validate shop.yaml --resolved prints it with every default.'],
  ['simulate shop.yaml --sweep x', `--sweep x: ${SWEPT}`],
  ['simulate shop.yaml --sweep emial.workers=1', '--sweep: nothing is called emial.workers; did you mean email.workers?'],
  ['simulate shop.yaml --sweep email.workers=0', '--sweep: expected email.workers to be a whole number of 1 or more, got 0.'],
  ['simulate mine.yaml', 'mine is a server of your own: what it would do cannot be simulated.'],
  ['simulate mine.yaml --sweep users=1,2', 'mine is a server of your own: what it would do cannot be simulated.'],
  ['bench --target http://localhost:1', '--target http://localhost:1: expected NAME=URL with a URL of http or https'],
  // Limits.
  ['bench --threshold hybird:p95<1s', 'Threshold "hybird:p95<1s", column 1: unknown subject "hybird". Did you mean "hybrid"?'],
  ['bench --threshold hybrid@77:p95<1s', 'Threshold "hybrid@77: p95 < 1s": 77 is none of the loads (10, 100, 500): name one of them, or ask for it with -c or -R.'],
  ['bench --threshold hybrid:p95<1', 'Threshold "hybrid:p95<1", column 12: expected a duration, such as 600ms or 5s, got "1". Did you mean 1ms?'],
  // Files that are read.
  ['bench nowhere.yaml', 'nowhere.yaml: there is no such file.'],
  ['bench shop.yaml/x.yaml', 'shop.yaml/x.yaml: there is no such file.'],
  ['bench nowhere.js', 'nowhere.js: there is no such file.'],
  ['bench folder.yaml', `folder.yaml: ${FOLDER}`],
  ['bench empty.yaml', 'empty.yaml:1:1: expected a scenario, got nothing'],
  ['bench binary.yaml', 'binary.yaml:1:1: expected YAML or JSON text, got the character "\\u0000"; is this a binary file?'],
  ['validate tab.yaml', 'tab.yaml:2:1: Tabs are not allowed as indentation: write spaces'],
  ['validate key.yaml', 'key.yaml:5:1: lod: unknown in a scenario'],
  ['validate unit.yaml', 'unit.yaml:2:33: services.payment.latency: expected a duration from 0ms to 10m, such as 300ms or 2s, got "30 parsecs"'],
  ['validate step.yaml', 'step.yaml:3:9: steps.0.call: expected a service (payment, email), got "paymnet"; did you mean "payment"?'],
  ['validate samples.yaml', `samples.yaml:1:39: services.pay.latency.values: cannot use "folder": folder: ${FOLDER}`],
  ['report folder', `folder: ${FOLDER}`],
  ['report empty.json', 'empty.json is not JSON: Unexpected end of JSON input. Expected a file that was saved with `-o json=PATH`.'],
  ['report other.json', 'other.json is not a record of sync-vs-events. Expected a file that was saved with `-o json=PATH`.'],
  ['compare newer.json newer.json', 'newer.json is a record of schema version 99, and this program reads '],
  ['bench --baseline folder', `folder: ${FOLDER}`],
  ['advise folder.yaml', `folder.yaml: ${FOLDER}`],
  ['collect nowhere', 'nowhere is no folder that `export` wrote: there is no export.json in it, and no JTL of JMeter either.'],
  ['collect shop.yaml', 'shop.yaml is no JTL in CSV: rows of other engines are read in the folder that `export` wrote, so name that.'],
  ['import nowhere.json', 'nowhere.json: there is no such file.'],
  ['import folder', `folder: ${FOLDER}`],
  ['import -', 'standard input: it is empty.'],
  // Files that are written.
  ['bench -o json', '--output json: expected FORMAT=PATH, for example json=run.json.'],
  ['bench -o jsn=x', '--output jsn=x: unknown format "jsn". Did you mean json?'],
  ['bench -o json=- -o html=-', '--output json=-: - is named twice. Give each report its own path.'],
  ['bench -o json=folder', `--output json=folder: cannot write: ${FOLDER}`],
  ['bench -o json=nowhere/x', `--output json=${NONE}`],
  ['bench -o json=/proc/x', '--output json=/proc/x: cannot write: no file can be made in /proc.'],
  ['scenarios checkout -o svg=folder', `folder: cannot be written: ${FOLDER}`],
  ['scenarios checkout -o svg=shop.yaml/x.svg', 'shop.yaml/x.svg: cannot be written: shop.yaml is not a folder.'],
  ['init folder.yaml', `folder.yaml: cannot be written: ${FOLDER}`],
  ['init shop.yaml', 'shop.yaml exists already: --force writes over it.'],
  ['init shop', 'shop: a scenario file ends in .yaml, as in shop.yaml.'],
  ['init /proc/x.yaml', '/proc/x.yaml: cannot be written: no file can be made in /proc.'],
  ['import traces.json -o taken.yaml', 'taken.csv exists already: --force writes over it.'],
  [`export k6 shop.yaml ${TO.join(' ')} -o shop.yaml`, 'shop.yaml/script.js: cannot be written: shop.yaml is not a folder.'],
  [`export k6 shop.yaml ${TO.join(' ')} -o /proc/x`, '/proc/x/script.js: cannot be written: the folder /proc/x cannot be made there.'],
];

describe('mistyped', () => {
  it.each(MISTYPED)('%s', async (line, said) => {
    const io = fakeIo(line.split(' '), folder);
    const code = await main(io, { runTrial: ran, comparePaired: ran, startServing: ran, simulations: ran });
    const [sentence, remedy] = typeof said === 'string' ? [said] : said;
    const lines = io.err().split('\n');
    expect([code, io.out(), lines[0]]).toEqual([2, '', expect.stringMatching(startOf(`error: ${sentence}`))]);
    expect(lines.slice(1)).toEqual([...(remedy === undefined ? [] : [remedy]), '']);
    expect(readdirSync(folder, { recursive: true })).toEqual(given);
    // eslint-disable-next-line no-control-regex
    expect(io.err()).not.toMatch(/[\u0000-\u0009\u000B-\u001F\uFFFD]/);
  });

  it('a limit without a comparison asks for one', async () => {
    const io = fakeIo(['bench', '--threshold', 'hybrid: p95 1s'], folder);
    expect(await main(io, { runTrial: ran })).toBe(2);
    expect(io.err()).toBe('error: Threshold "hybrid: p95 1s", column 13: expected one of < <= > >= == != after p95, as in `hybrid: p95 < 600ms`.\n');
  });

  it('a binary file is quoted without what a terminal would take for commands', async () => {
    const io = fakeIo(['report', 'binary.json'], folder);
    expect(await main(io, {})).toBe(2);
    expect(io.err()).toMatch(/^error: binary\.json is not JSON: [\P{Cc}]+ Expected a file that was saved with `-o json=PATH`\.\n$/u);
  });
});

function startOf(text: string): RegExp {
  return new RegExp(`^${text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}`);
}
