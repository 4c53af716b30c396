/** What a draft says of pools and groups, which steps have together, that cannot be meant. */
import type { ScenarioDraft } from '../format/file.js';
import { describe, printable, type Path, type Problem } from '../problem.js';
import type { Step } from '../scenario.js';
import { problem, unknownName, type Places } from './transaction.js';

/** Those that no step of the scenario or of a variant names, and changes of those that there are not. */
export function sharedProblems(draft: ScenarioDraft, key: 'pools' | 'groups', one: 'pool' | 'group', ofSteps: string): Problem[] {
  const { steps, transactions, variants } = draft;
  const [kinds, changes] = [[...(transactions?.values() ?? [])], [...(variants ?? [])]];
  const ofVariants = changes.flatMap(([, { steps: own, transactions: ofKinds }]) => [own, ...[...(ofKinds?.values() ?? [])].map((kind) => kind.steps)]);
  const all = [...steps, ...kinds.flatMap((kind) => kind.steps), ...ofVariants.flatMap((own) => [...(own?.values() ?? [])])];
  const known = [...(draft[key]?.keys() ?? [])];
  return [
    ...known
      .filter((name) => !all.some((step) => step[one] === name))
      .map((name) => problem([key, name], `no step uses this ${one}: expected \`${one}: ${name}\` ${ofSteps}`, 'key')),
    ...changes.flatMap(([variant, change]) =>
      [...(change[key]?.keys() ?? [])].filter((name) => !known.includes(name)).map((name) => unknownName(['variants', variant, key, name], `a ${one}`, name, known, 'key')),
    ),
  ];
}

/** The steps of a group are side by side, the reply needs them, and they are as many as must succeed. */
export function groupProblems(steps: readonly Step[], known: readonly string[], places: Places): Problem[] {
  return steps.flatMap(({ group, critical, onError, after }, index) => {
    if (!group) return [];
    const path: Path = places.step(index);
    if (known.length === 0) return [problem([...path, 'group'], `the scenario has no \`groups\`: write \`groups: { ${printable(group.name)}: { need: 1 } }\` in it, or take \`group\` away here`)];
    if (!known.includes(group.name)) return [unknownName([...path, 'group'], 'one of the `groups` of the scenario', group.name, known)];
    const members = steps.filter((step) => step.group?.name === group.name);
    const first = steps.indexOf(members[0]!);
    const isSame = after.length === members[0]!.after.length && after.every((name) => members[0]!.after.includes(name));
    const isApart = steps.slice(first, index).some((step) => step.group?.name !== group.name);
    return [
      ...(critical ? [] : [problem([...path, 'group'], 'expected a critical step: for others nobody waits')]),
      ...(onError === 'fail' ? [] : [problem([...path, 'onError'], 'expected none in a group, of which not all must succeed anyway')]),
      ...(isApart ? [problem([...path, 'group'], `expected the steps of the group ${describe(group.name)} right after each other`)] : []),
      ...(isSame ? [] : [problem([...path, 'after'], `expected the same as the other steps of the group ${describe(group.name)}: they begin together`)]),
      ...(index === first && members.length < group.need ? [problem([...path, 'group'], `expected ${group.need} steps at least in the group ${describe(group.name)}, which is what it needs, got ${members.length}`)] : []),
    ];
  });
}
