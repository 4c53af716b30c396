/** JUnit XML: one test case for each trial, each check and each comparison that the verdict hangs on. */
import { isMeasured } from '../advice/rounds.js';
import { knownFailureRate } from '../measurement/outcomes.js';
import type { Check, RunRecord, Trial } from '../measurement/record.js';
import { comparedName, comparedResult } from './comparisons.js';
import { formatLoad, formatShare, formatTime } from './format.js';

/** What became of a test case. `error`: not known; CI systems take it for a failure, never for a pass. */
type Result = 'passed' | 'failure' | 'error' | 'skipped';

interface TestCase {
  name: string;
  seconds: number;
  result: Result;
  message: string;
  output: string;
}

/** The suites `trials`, `checks` and `comparisons` of a run. */
export function junitReport(record: RunRecord): string {
  const gates = record.comparisons.filter((comparison) => comparison.gate);
  const suites = [
    suite('trials', record.trials.map(trialCase), record),
    suite('checks', record.checks.map(checkCase), record),
    suite(
      'comparisons',
      gates.map((it) => testCase(comparedName(it), resultOf(it.state), comparedResult(it))),
      record,
    ),
  ];
  const name = attribute(`${record.tool.name} ${record.scenario.name}`);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${name}">\n${suites.join('')}</testsuites>\n`;
}

function trialCase(trial: Trial): TestCase {
  const name = `${trial.architecture} at ${formatLoad(trial.load)}, round ${trial.round}`;
  if (!isMeasured(trial)) return testCase(name, 'error', `${trial.state}: ${trial.message}`);
  const { p50, p95 } = trial.responseTime;
  const figures = `p50 ${formatTime(p50)}, p95 ${formatTime(p95)}, failed ${formatShare(knownFailureRate(trial))}`;
  const { valid, problems } = trial.validity;
  const result = valid ? testCase(name, 'passed', '', figures) : testCase(name, 'error', problems.join(' '), figures);
  return { ...result, seconds: trial.window.seconds };
}

/** A warning is shown and breaks nothing. */
function checkCase({ expression, state, level, detail }: Check): TestCase {
  const result = state !== 'pass' && level === 'warn' ? 'skipped' : resultOf(state);
  return testCase(expression, result, result === 'skipped' ? `warning: ${detail}` : detail);
}

function testCase(name: string, result: Result, message: string, output = message): TestCase {
  return { name, seconds: 0, result, message, output };
}

function resultOf(state: 'pass' | 'fail' | 'unknown' | 'inconclusive'): Result {
  if (state === 'pass') return 'passed';
  return state === 'fail' ? 'failure' : 'error';
}

function suite(name: string, cases: readonly TestCase[], { tool, startedAt }: RunRecord): string {
  if (cases.length === 0) return '';
  const count = (result: Result): number => cases.filter((it) => it.result === result).length;
  const seconds = cases.reduce((sum, it) => sum + it.seconds, 0);
  const head =
    `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}" ` +
    `time="${seconds}" timestamp="${attribute(startedAt)}"`;
  const body = cases.map((it) => caseXml(it, attribute(`${tool.name}.${name}`))).join('');
  return `  <testsuite name="${name}" ${head}>\n${body}  </testsuite>\n`;
}

function caseXml({ name, seconds, result, message, output }: TestCase, className: string): string {
  const outcome = result === 'passed' ? '' : `<${result} message="${attribute(message)}"/>`;
  const printed = output === '' ? '' : `<system-out>${attribute(output)}</system-out>`;
  const head = `classname="${className}" name="${attribute(name)}" time="${seconds}"`;
  return `    <testcase ${head}>${outcome}${printed}</testcase>\n`;
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

/** Text for an attribute or element. What XML 1.0 cannot hold at all becomes a replacement character. */
function attribute(text: string): string {
  // oxlint-disable-next-line no-control-regex
  const legal = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]/gu, '\ufffd');
  return legal.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '').replace(/[\t\r\n]/g, ' ');
}
