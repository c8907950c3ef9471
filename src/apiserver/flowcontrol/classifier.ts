import type { FlowSchema } from '#api';
import { compareText } from '#base';
import type { UserInfo } from '../registry/rest.ts';
import type { FlowStats } from './flow-stats.ts';
import { matches, type AskedFor } from './matching.ts';
import type { PriorityLevel } from './priority-level.ts';

/** A schema with the level that it leads to. */
export interface Flow {
  readonly schema: FlowSchema;
  readonly level: PriorityLevel;
  readonly stats: FlowStats;
}

/** Beyond so many different questions of one user what was found is forgotten, so that no client fills the memory. */
const maxRemembered = 1_000;

/** Finds the schema of a request: the first that matches, in the order of precedence and then of names. */
export class Classifier {
  readonly #flows: readonly Flow[];
  /** Whether any schema looks at which namespace it is, and not only at whether there is one. */
  readonly #asksNamespace: boolean;
  /** By user, who is one object for a token or a certificate; then by what is asked for. */
  readonly #known = new WeakMap<UserInfo, Map<string, Flow | undefined>>();

  constructor(flows: readonly Flow[]) {
    this.#flows = flows.toSorted(({ schema: a }, { schema: b }) => precedence(a) - precedence(b) || byName(a, b));
    this.#asksNamespace = flows.some(({ schema }) => asksNamespace(schema));
  }

  classify(user: UserInfo, asked: AskedFor): Flow | undefined {
    let known = this.#known.get(user);
    if (!known) this.#known.set(user, (known = new Map()));
    const key = asked.isResourceRequest ? this.#resourceKey(asked) : `${asked.verb} ${asked.path}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const flow = this.#flows.find(({ schema }) => matches(schema, user, asked));
    if (known.size >= maxRemembered) known.clear();
    known.set(key, flow);
    return flow;
  }

  #resourceKey({ verb, group, resource, subresource, namespace }: AskedFor): string {
    const place = this.#asksNamespace ? namespace : namespace === '' ? '' : '*';
    return `${verb} ${group} ${resource} ${subresource} ${place}`;
  }
}

function precedence({ spec }: FlowSchema): number {
  return spec.matchingPrecedence ?? 1000;
}

function byName(one: FlowSchema, other: FlowSchema): number {
  return compareText(one.metadata.name ?? '', other.metadata.name ?? '');
}

function asksNamespace({ spec }: FlowSchema): boolean {
  return (spec.rules ?? []).some(({ resourceRules = [] }) =>
    resourceRules.some(({ namespaces = [] }) => namespaces.some((namespace) => namespace !== '*')),
  );
}
