import type { APIService } from '#api';
import { isEqualJson, type Resource } from '#machinery';
import { groupPriorities } from '../discovery/priorities.ts';
import { systemContext } from '../registry/defaults.ts';
import { findNow, untilNotOvertaken } from '../registry/overtaken.ts';
import type { Rest } from '../registry/rest.ts';

const automanaged = 'kube-aggregator.kubernetes.io/automanaged';

export interface LocalApiServicesOptions {
  readonly rest: Rest;
  /** What this server serves. */
  readonly resources: readonly Pick<Resource, 'group' | 'version'>[];
  readonly signal: AbortSignal;
}

interface Wanted {
  readonly metadata: { readonly name: string; readonly labels: Record<string, string> };
  readonly spec: APIService['spec'];
}

/**
 * Says once, at the start, which groups the server serves itself (`kube-aggregator/pkg/controllers/autoregister`): adds
 * what is missing, puts right what is marked as ours, and takes away what an earlier version served. What somebody has
 * put there without the mark stays, and what is deleted later stays away until the next start.
 */
export async function registerLocalApiServices(options: LocalApiServicesOptions): Promise<void> {
  const { rest, signal } = options;
  const wanted = wantedServices(options.resources);
  const { items } = await rest.list(systemContext(signal), '', {});
  const names = new Set([...wanted.keys(), ...items.map(({ object }) => object.metadata.name ?? '')]);
  await Promise.all([...names].map((name) => untilNotOvertaken(() => sync(options, name, wanted.get(name)))));
}

/** The versions that have a place among all others, as upstream only registers these. */
function wantedServices(resources: LocalApiServicesOptions['resources']): ReadonlyMap<string, Wanted> {
  const wanted = new Map<string, Wanted>();
  for (const { group, version } of resources) {
    const priority = groupPriorities[group];
    const versionPriority = priority?.versions[version];
    if (!priority || versionPriority === undefined) continue;
    const name = `${version}.${group}`;
    const spec = { ...(group !== '' && { group }), version, groupPriorityMinimum: priority.group, versionPriority };
    wanted.set(name, { metadata: { name, labels: { [automanaged]: 'onstart' } }, spec });
  }
  return wanted;
}

async function sync({ rest, signal }: LocalApiServicesOptions, name: string, wanted?: Wanted): Promise<void> {
  const context = systemContext(signal);
  const found = await findNow(rest, context, '', name);
  if (!found) {
    if (wanted) await rest.create(context, '', wanted);
    return;
  }
  const service = found.object as APIService;
  const { uid, labels } = service.metadata;
  const mark = labels?.[automanaged];
  if (mark !== 'onstart' && mark !== 'true') return;
  if (!wanted) await rest.delete(context, '', name, { ...(uid !== undefined && { preconditions: { uid } }) });
  else if (!isEqualJson(service.spec, wanted.spec))
    await rest.update(context, '', name, { ...service, spec: wanted.spec });
}
