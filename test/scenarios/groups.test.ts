/** Groups of steps of which not all must succeed, as scenarios say them. */
import { describe, expect, it } from 'vitest';
import { callGraphOf, type Architecture } from '../../src/scenarios/architectures.js';
import type { Task } from '../../src/scenarios/call-graph.js';
import { resolvedYaml } from '../../src/scenarios/resolved.js';
import { subjectOf } from '../../src/scenarios/subject.js';
import { idealResponseTime } from '../../src/measurement/ideal.js';
import { mistakes, parse } from './support.js';

const HEAD = 'services: { form: 20ms, a: 100ms, b: 200ms, c: 300ms, store: 10ms, mail: 50ms }\n';
const member = (call: string): string => `{ call: ${call}, critical: true, group: quotes }`;
const QUOTE = `${HEAD}groups: { quotes: { need: 2, within: 250ms } }
steps: [form!, ${member('a')}, ${member('b')}, ${member('c')}, store!, mail]
variants: { first: { architecture: hybrid, groups: { quotes: { need: 1 } } } }
`;

function told(architecture: Architecture): [string, readonly number[]][] {
  const name = (task: Task): string => (task.kind === 'call' ? task.call.name : task.kind === 'publish' ? 'publish' : `${task.name} ${task.need} ${task.within}`);
  return callGraphOf(subjectOf(parse(QUOTE), architecture)!).request.map((task) => [name(task), task.after]);
}

describe('groups', () => {
  it('that there are none of are said to be missing, and what to do', () => {
    expect(mistakes('services: { a: 1ms }\nsteps: [{ call: a, critical: true, group: g }]\n').join()).toContain(
      'steps.0.group: the scenario has no `groups`: write `groups: { g: { need: 1 } }` in it, or take `group` away here',
    );
  });

  it('are side by side in every architecture, and what follows comes after their end', () => {
    expect(told('sync')).toEqual([['form', []], ['a', [0]], ['b', [0]], ['c', [0]], ['store', [6]], ['mail', [4]], ['quotes 2 250', [1, 2, 3]]]);
    expect(told('parallel')).toEqual([['form', []], ['a', [0]], ['b', [0]], ['c', [0]], ['store', [6]], ['mail', [4]], ['quotes 2 250', [1, 2, 3]]]);
    expect(told('hybrid')).toEqual([['form', []], ['a', [0]], ['b', [0]], ['c', [0]], ['store', [6]], ['publish', [4]], ['quotes 2 250', [1, 2, 3]]]);
  });

  it('end with what has come within their time, or without one with as many as they need', () => {
    const ideal = (name: string): number => idealResponseTime(subjectOf(parse(QUOTE), name)!, 1)(0);
    expect([ideal('sync'), ideal('parallel'), ideal('hybrid'), ideal('first')]).toEqual([20 + 250 + 10 + 50, 330, 280, 20 + 100 + 10]);
  });

  it('are written out, and are those of each kind of request', () => {
    expect(parse(resolvedYaml(parse(QUOTE)))).toEqual(parse(QUOTE));
    const kinds = `${HEAD}groups: { quotes: { need: 1 } }\ntransactions: { quote: { weight: 50%, steps: [${member('a')}, ${member('b')}, store!] }, look: { steps: [form!, mail] } }`;
    expect(parse(resolvedYaml(parse(kinds)))).toEqual(parse(kinds));
    expect(parse(kinds).steps.map(({ after }) => after)).toEqual([[], [], ['a', 'b'], [], ['form']]);
  });

  it.each([
    ['groups: { quotes: { need: 1 } }\nsteps: [a!]', '2:11: groups.quotes: no step uses this group: expected `group: quotes` of its steps'],
    [`groups: { quotes: { need: 1 } }\nsteps: [${member('a')}, { call: b, critical: true, group: quots }]`, '3:87: steps.1.group: expected one of the `groups` of the scenario (quotes), got "quots"; did you mean "quotes"?'],
    ['groups: { quotes: { need: 1 } }\nsteps: [{ call: a, group: quotes }]', '3:27: steps.0.group: expected a critical step: for others nobody waits'],
    ['groups: { quotes: { need: 1 } }\nsteps: [{ call: a, critical: true, group: quotes, onError: continue }]', '3:60: steps.0.onError: expected none in a group, of which not all must succeed anyway'],
    [`groups: { quotes: { need: 3 } }\nsteps: [${member('a')}, ${member('b')}]`, '3:43: steps.0.group: expected 3 steps at least in the group "quotes", which is what it needs, got 2'],
    [`groups: { quotes: { need: 1 } }\nsteps: [${member('a')}, form!, { call: b, critical: true, group: quotes, after: [] }]`, '3:94: steps.2.group: expected the steps of the group "quotes" right after each other'],
    [`groups: { quotes: { need: 1 } }\nsteps: [form!, ${member('a')}, { call: b, critical: true, group: quotes, after: [] }]`, '3:109: steps.2.after: expected the same as the other steps of the group "quotes": they begin together'],
    [`groups: { quotes: { need: 1 } }\nsteps: [${member('a')}, ${member('b')}]\nvariants: { v: { architecture: sync, groups: { q: { need: 1 } } } }`, '4:48: variants.v.groups.q: expected a group (quotes), got "q"'],
  ])('%s is a mistake', (text, mistake) => {
    expect(mistakes(HEAD + text)).toEqual([`my.yaml:${mistake}`]);
  });
});
