import { compareText } from '#base';
import type { PolicyRule } from './rules.ts';

/** The rules of `wanted` that `owned` does not fully cover, each broken down to one verb on one thing (`pkg/registry/rbac/validation/policy_compact.go`). */
export function uncovered(owned: readonly PolicyRule[], wanted: readonly PolicyRule[]): PolicyRule[] {
  return wanted.flatMap(breakDown).filter((atom) => !owned.some((rule) => covers(rule, atom)));
}

function breakDown({
  verbs,
  apiGroups = [],
  resources = [],
  resourceNames = [],
  nonResourceURLs = [],
}: PolicyRule): PolicyRule[] {
  const atoms: PolicyRule[] = [];
  for (const verb of verbs) {
    for (const url of nonResourceURLs) atoms.push({ verbs: [verb], nonResourceURLs: [url] });
    for (const group of apiGroups) {
      for (const resource of resources) {
        const atom = { verbs: [verb], apiGroups: [group], resources: [resource] };
        if (resourceNames.length === 0) atoms.push(atom);
        for (const name of resourceNames) atoms.push({ ...atom, resourceNames: [name] });
      }
    }
  }
  return atoms;
}

function covers(rule: PolicyRule, atom: PolicyRule): boolean {
  if (!includesAll(rule.verbs, atom.verbs)) return false;
  if (atom.nonResourceURLs) return atom.nonResourceURLs.every((url) => urlCovered(rule.nonResourceURLs ?? [], url));
  return (
    includesAll(rule.apiGroups ?? [], atom.apiGroups ?? []) &&
    (atom.resources ?? []).every((resource) => resourceCovered(rule.resources ?? [], resource)) &&
    namesCovered(rule.resourceNames ?? [], atom.resourceNames ?? [])
  );
}

function includesAll(have: readonly string[], want: readonly string[]): boolean {
  return have.includes('*') || want.every((one) => have.includes(one));
}

function resourceCovered(have: readonly string[], resource: string): boolean {
  if (have.includes('*') || have.includes(resource)) return true;
  const slash = resource.indexOf('/');
  return slash >= 0 && have.includes(`*${resource.slice(slash)}`);
}

function namesCovered(have: readonly string[], want: readonly string[]): boolean {
  return have.length === 0 || (want.length > 0 && want.every((name) => have.includes(name)));
}

function urlCovered(have: readonly string[], url: string): boolean {
  return have.some((one) => one === url || (one.endsWith('*') && url.startsWith(one.slice(0, -1))));
}

/** Atoms about the same thing as one rule, in upstream's order: for who is told of them (`CompactRules`, `SortableRuleSlice`). */
export function compacted(atoms: readonly PolicyRule[]): PolicyRule[] {
  const byThing = new Map<string, PolicyRule>();
  for (const { verbs, ...thing } of atoms) {
    const key = JSON.stringify(thing);
    const known = byThing.get(key)?.verbs ?? [];
    byThing.set(key, { verbs: [...known, ...verbs.filter((verb) => !known.includes(verb))], ...thing });
  }
  return [...byThing.values()].sort((one, other) => compareText(sortKey(one), sortKey(other)));
}

function sortKey({
  verbs,
  apiGroups = [],
  resources = [],
  resourceNames = [],
  nonResourceURLs = [],
}: PolicyRule): string {
  return [verbs, apiGroups, resources, resourceNames, nonResourceURLs].map((list) => `[${list.join(' ')}]`).join(',');
}

/** A rule as upstream's messages show it: `{APIGroups:[""], Resources:["pods"], Verbs:["get"]}`. */
export function showRule({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: PolicyRule): string {
  const parts: [string, readonly string[] | undefined][] = [
    ['APIGroups', apiGroups],
    ['Resources', resources],
    ['NonResourceURLs', nonResourceURLs],
    ['ResourceNames', resourceNames],
    ['Verbs', verbs],
  ];
  const shown = parts.flatMap(([name, list]) =>
    list && list.length > 0 ? [`${name}:[${list.map((one) => JSON.stringify(one)).join(' ')}]`] : [],
  );
  return `{${shown.join(', ')}}`;
}
