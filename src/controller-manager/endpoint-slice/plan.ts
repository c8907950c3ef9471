import type { EndpointSlice } from '#api';
import { isSame } from '../objects.ts';
import { groupId, type AddressType, type Endpoint, type Group } from './endpoints.ts';

/** A slice holds no more; kube-controller-manager's `--max-endpoints-per-slice`. */
export const maxEndpointsPerSlice = 100;

export interface PlanOptions {
  /** Address types that have a slice even without endpoints. */
  readonly types: readonly AddressType[];
  /** Default: `maxEndpointsPerSlice`. */
  readonly maxEndpoints?: number;
}

/** What to write so that the slices hold the wanted endpoints. */
export interface SlicePlan {
  create: Group[];
  update: { slice: EndpointSlice; group: Group }[];
  remove: EndpointSlice[];
}

/**
 * Decides which slices to write, and few of them: an endpoint stays in the slice that it is in, slices that change anyway
 * take in new ones first, then the fullest with room, then new slices (`endpointslice/reconciler.go`). A service without
 * endpoints keeps one empty slice for each address type, so that readers see that it was looked at.
 */
export function planSlices(
  existing: readonly EndpointSlice[],
  wanted: readonly Group[],
  { types, maxEndpoints = maxEndpointsPerSlice }: PlanOptions,
): SlicePlan {
  const plan: SlicePlan = { create: [], update: [], remove: [] };
  const groups = withPlaceholders(wanted, types);
  const slices = Map.groupBy(existing, (slice) => groupId(slice.addressType, slice.ports));
  for (const group of groups) {
    const id = groupId(group.addressType, group.ports);
    planGroup(slices.get(id) ?? [], group, { plan, maxEndpoints });
    slices.delete(id);
  }
  for (const rest of slices.values()) plan.remove.push(...rest);
  return reuse(plan);
}

function withPlaceholders(wanted: readonly Group[], types: readonly AddressType[]): Group[] {
  const missing = types.filter((type) => !wanted.some(({ addressType }) => addressType === type));
  return [...wanted, ...missing.map((addressType) => ({ addressType, ports: [], endpoints: [] }))];
}

interface Bin {
  slice: EndpointSlice | undefined;
  endpoints: Endpoint[];
  changed: boolean;
}

function planGroup(
  existing: readonly EndpointSlice[],
  group: Group,
  { plan, maxEndpoints }: { plan: SlicePlan; maxEndpoints: number },
): void {
  const fresh = new Map(group.endpoints.map((endpoint) => [endpointId(endpoint), endpoint]));
  const bins = existing.map((slice) => keepIn(slice, fresh));
  place([...fresh.values()], bins, maxEndpoints);
  if (group.endpoints.length === 0) keepOneEmpty(bins);
  for (const { slice, endpoints, changed } of bins) {
    const isPlaceholder = group.endpoints.length === 0 && slice === bins[0]?.slice;
    if (endpoints.length === 0 && !isPlaceholder) {
      if (slice) plan.remove.push(slice);
    } else if (!slice) plan.create.push({ ...group, endpoints });
    else if (changed) plan.update.push({ slice, group: { ...group, endpoints } });
  }
}

/** What of the wanted is in this slice already; takes that out of `fresh`. */
function keepIn(slice: EndpointSlice, fresh: Map<string, Endpoint>): Bin {
  const bin: Bin = { slice, endpoints: [], changed: false };
  for (const endpoint of slice.endpoints ?? []) {
    const id = endpointId(endpoint);
    const wanted = fresh.get(id);
    fresh.delete(id);
    if (wanted) bin.endpoints.push(wanted);
    if (!wanted || !isSame(wanted, endpoint)) bin.changed = true;
  }
  return bin;
}

function place(homeless: Endpoint[], bins: Bin[], maxEndpoints: number): void {
  const room = (bin: Bin): number => maxEndpoints - bin.endpoints.length;
  const put = (bin: Bin): void => {
    const taken = homeless.splice(0, room(bin));
    bin.endpoints.push(...taken);
    bin.changed ||= taken.length > 0;
  };
  for (const bin of bins.filter(({ changed }) => changed)) put(bin);
  for (const bin of bins.filter(({ changed }) => !changed).sort((a, b) => room(a) - room(b))) put(bin);
  while (homeless.length > 0) {
    const bin: Bin = { slice: undefined, endpoints: [], changed: true };
    put(bin);
    bins.push(bin);
  }
}

function keepOneEmpty(bins: Bin[]): void {
  if (bins.length === 0) bins.push({ slice: undefined, endpoints: [], changed: true });
}

/** A slice that would go while another of its address type would come is rewritten instead. */
function reuse({ create, update, remove }: SlicePlan): SlicePlan {
  const plan: SlicePlan = { create: [], update: [...update], remove: [...remove] };
  for (const group of create) {
    const at = plan.remove.findIndex(({ addressType }) => addressType === group.addressType);
    const [slice] = at < 0 ? [] : plan.remove.splice(at, 1);
    if (slice) plan.update.push({ slice, group });
    else plan.create.push(group);
  }
  return plan;
}

/** Tells endpoints apart: a pod that moved to another node or address is another endpoint. */
function endpointId({ addresses, targetRef, nodeName = '' }: Endpoint): string {
  return [targetRef?.uid ?? '', nodeName, ...(addresses ?? [])].join(' ');
}
