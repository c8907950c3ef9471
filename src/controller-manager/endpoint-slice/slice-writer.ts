import { endpointSlices, type EndpointSlice } from '#api';
import { Expectations, type Client } from '#client';
import { isStatusError, joinKey, nameOf, namespaceOf, uidOf, type ownerReferenceTo } from '#machinery';
import type { ControllerContext } from '../context.ts';
import { copyWith, isSame } from '../objects.ts';
import type { Group } from './endpoints.ts';
import type { SlicePlan } from './plan.ts';

export const serviceNameLabel = 'kubernetes.io/service-name';
export const managedByLabel = 'endpointslice.kubernetes.io/managed-by';

/** What the slices of one service have in common. */
export interface SliceFacts {
  /** Of the service. */
  readonly name: string;
  readonly namespace: string;
  readonly labels: Record<string, string>;
  /** Absent: slices have the annotations that others give them. */
  readonly annotations?: Record<string, string>;
  readonly owner: ReturnType<typeof ownerReferenceTo>;
}

/** Carries plans out, and knows which slices it has made and not seen yet: to plan without them would make them again. */
export class SliceWriter {
  readonly #client: Client;
  readonly #expectations: Expectations;

  constructor(context: Pick<ControllerContext, 'client' | 'clock'>) {
    this.#client = context.client;
    this.#expectations = new Expectations(context);
  }

  /** Whether the informer has told of all slices that were made for the service of this key. */
  hasSeenAll(key: string): boolean {
    return this.#expectations.satisfied(key);
  }

  /** The informer tells of a slice. */
  seen(slice: EndpointSlice): void {
    this.#expectations.creationObserved(serviceKeyOf(slice));
  }

  forget(key: string): void {
    this.#expectations.forget(key);
  }

  /** Writes the plan for the service of this key, and gives slices that would stay the labels that they lack. */
  async write(key: string, facts: SliceFacts, existing: readonly EndpointSlice[], plan: SlicePlan): Promise<void> {
    const calls = this.#client.of(endpointSlices).in(facts.namespace);
    for (const { slice, group } of [...plan.update, ...stale(facts, existing, plan)]) {
      const { labels, annotations = slice.metadata.annotations } = facts;
      const metadata = copyWith(slice.metadata, { labels, ...(annotations && { annotations }) });
      await calls.update(copyWith(slice, { metadata, endpoints: group.endpoints, ports: group.ports }));
    }
    await this.#create(key, facts, plan.create);
    await this.remove(plan.remove);
  }

  /** Removes slices; one that is gone already is no error. */
  async remove(slices: readonly EndpointSlice[]): Promise<void> {
    for (const slice of slices) {
      const calls = this.#client.of(endpointSlices).in(namespaceOf(slice));
      await calls.delete(nameOf(slice), { preconditions: { uid: uidOf(slice) } }).catch((error: unknown) => {
        if (!isStatusError(error, 'NotFound')) throw error;
      });
    }
  }

  async #create(key: string, facts: SliceFacts, groups: readonly Group[]): Promise<void> {
    const calls = this.#client.of(endpointSlices).in(facts.namespace);
    if (groups.length > 0) this.#expectations.expectCreations(key, groups.length);
    let made = 0;
    try {
      for (const group of groups) {
        await calls.create(sliceOf(facts, group));
        made++;
      }
    } finally {
      this.#expectations.creationObserved(key, groups.length - made);
    }
  }
}

export function isManagedBy({ metadata }: EndpointSlice, controller: string): boolean {
  return metadata.labels?.[managedByLabel] === controller;
}

/** The key of the service that a slice belongs to. */
export function serviceKeyOf(slice: EndpointSlice): string {
  return joinKey(namespaceOf(slice), slice.metadata.labels?.[serviceNameLabel] ?? '');
}

function sliceOf(facts: SliceFacts, { addressType, ports, endpoints }: Group) {
  const { name, namespace, labels, annotations, owner } = facts;
  const metadata = { generateName: `${name}-`, namespace, labels, ownerReferences: [owner] };
  return { metadata: { ...metadata, ...(annotations && { annotations }) }, addressType, endpoints, ports };
}

/** Slices that would stay as they are, and lack a label or annotation that the service has got since. */
function stale(
  { labels, annotations }: SliceFacts,
  existing: readonly EndpointSlice[],
  plan: SlicePlan,
): SlicePlan['update'] {
  const touched = new Set([...plan.update.map(({ slice }) => slice), ...plan.remove]);
  return existing
    .filter((slice) => !touched.has(slice))
    .filter(
      ({ metadata }) =>
        !isSame(metadata.labels, labels) || (annotations && !isSame(metadata.annotations ?? {}, annotations)),
    )
    .map((slice) => {
      const addressType = slice.addressType === 'IPv6' ? 'IPv6' : 'IPv4';
      return { slice, group: { addressType, ports: slice.ports ?? [], endpoints: slice.endpoints ?? [] } };
    });
}
