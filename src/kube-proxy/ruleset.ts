/**
 * An nftables table as data. What the proxy wants is one `Ruleset`, what the kernel has is another, and the difference
 * is the transaction that leads from one to the other: a changed Service costs its own chains and elements, whatever
 * the size of the table.
 */
export interface Ruleset {
  /** Chains without a hook, from name to rules. */
  readonly chains: ReadonlyMap<string, readonly string[]>;
  /** Sets that rules fill, from name to declaration: `type ipv4_addr; flags dynamic,timeout; timeout 3h`. */
  readonly sets: ReadonlyMap<string, string>;
  /** Elements of the fixed maps, from map to key to verdict. */
  readonly maps: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

export const emptyRuleset: Ruleset = { chains: new Map(), sets: new Map(), maps: new Map() };

/**
 * The nft commands, one transaction, that turn `from` into `to` in a table (`ip kedge-proxy`). Empty when nothing
 * differs. What is referred to is made before, and removed after, what refers to it.
 */
export function transition(table: string, from: Ruleset, to: Ruleset): string[] {
  const gone = (a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): string[] =>
    [...a.keys()].filter((key) => !b.has(key));
  const newSets = [...to.sets].filter(([name]) => !from.sets.has(name));
  const changed = [...to.chains].filter(([name, rules]) => !sameRules(from.chains.get(name), rules));
  const goneChains = gone(from.chains, to.chains);
  return [
    ...newSets.map(([name, declaration]) => `add set ${table} ${name} { ${declaration}; }`),
    ...changed.filter(([name]) => !from.chains.has(name)).map(([name]) => `add chain ${table} ${name}`),
    ...changed.flatMap(([name, rules]) => rewriteChain(table, name, rules, from.chains.has(name))),
    ...elementCommands(table, from, to),
    ...goneChains.map((name) => `flush chain ${table} ${name}`),
    ...goneChains.map((name) => `delete chain ${table} ${name}`),
    ...gone(from.sets, to.sets).map((name) => `delete set ${table} ${name}`),
  ];
}

function sameRules(a: readonly string[] | undefined, b: readonly string[]): boolean {
  return a !== undefined && a.length === b.length && a.every((rule, at) => rule === b[at]);
}

function rewriteChain(table: string, name: string, rules: readonly string[], exists: boolean): string[] {
  const flush = exists ? [`flush chain ${table} ${name}`] : [];
  return [...flush, ...rules.map((rule) => `add rule ${table} ${name} ${rule}`)];
}

function elementCommands(table: string, from: Ruleset, to: Ruleset): string[] {
  const names = new Set([...from.maps.keys(), ...to.maps.keys()]);
  const commands: string[] = [];
  for (const name of names) {
    const before = from.maps.get(name) ?? new Map<string, string>();
    const after = to.maps.get(name) ?? new Map<string, string>();
    const removed = [...before].filter(([key, verdict]) => after.get(key) !== verdict).map(([key]) => key);
    const added = [...after].filter(([key, verdict]) => before.get(key) !== verdict);
    if (removed.length > 0) commands.push(`delete element ${table} ${name} { ${removed.join(', ')} }`);
    if (added.length > 0) {
      commands.push(
        `add element ${table} ${name} { ${added.map(([key, verdict]) => `${key} : ${verdict}`).join(', ')} }`,
      );
    }
  }
  return commands;
}
