import type { Clock } from '#base';
import { dropFields, FieldPath, formatTime, type FieldErrors } from '#machinery';
import type { ResourceClaimTemplate, ResourceClaimV1, ResourceSlice } from '#api';
import type { Lookup } from '../admission/plugin.ts';
import type { Strategy } from '../registry/strategy.ts';
import { countedSpec, keepMetadata, keepSpec, keepStatus } from './spec-and-status.ts';

const adminLabel = 'resource.kubernetes.io/admin-access';
const namespaces = { group: '', plural: 'namespaces' };

/** What is special about the kinds of resource.k8s.io (`pkg/registry/resource`). */
export function dynamicResourceStrategies({
  lookup,
  clock,
}: {
  lookup: Lookup;
  clock: Clock;
}): Readonly<Record<string, unknown>> {
  return {
    'deviceclasses.resource.k8s.io': countedSpec,
    'resourceclaims.resource.k8s.io': resourceClaimStrategy(lookup),
    'resourceclaimtemplates.resource.k8s.io': {
      validateCreate: ({ metadata, spec }, errors) =>
        validateAdmin(spec.spec.devices.requests, metadata.namespace, lookup, errors),
    } satisfies Strategy<ResourceClaimTemplate>,
    'resourceslices.resource.k8s.io': resourceSliceStrategy(clock),
  };
}

function resourceClaimStrategy(lookup: Lookup): Strategy<ResourceClaimV1> {
  return {
    prepareForCreate(claim) {
      claim.status = {};
    },
    validateCreate: ({ metadata, spec }, errors) =>
      validateAdmin(spec.devices.requests, metadata.namespace, lookup, errors),
    prepareForUpdate: keepStatus,
    subresources: {
      status: (store) =>
        store.partial('status', {
          validatesObject: false,
          ownable: dropFields('spec', 'metadata'),
          prepareForUpdate(claim, old) {
            keepSpec(claim, old);
            keepMetadata(claim, old);
            dropFreedDevices(claim, old);
          },
        }),
    },
  };
}

/** Who may look at devices that are in use is said by a label of the namespace. */
async function validateAdmin(
  requests: ResourceClaimV1['spec']['devices']['requests'] = [],
  namespace = '',
  lookup: Lookup,
  errors: FieldErrors,
): Promise<void> {
  const index = requests.findIndex(({ exactly }) => exactly?.adminAccess === true);
  if (index < 0) return;
  const found = lookup.cached(namespaces, '', namespace) ?? (await lookup.read(namespaces, '', namespace));
  if (found?.metadata.labels?.[adminLabel] === 'true') return;
  const why = `admin access to devices requires the \`${adminLabel}: true\` label on the containing namespace`;
  errors.forbidden(FieldPath.of('spec', 'devices', 'requests').index(index).child('adminAccess'), why);
}

interface DeviceName {
  driver: string;
  pool: string;
  device: string;
  shareID?: string;
}

const keyOf = ({ driver, pool, device, shareID = '' }: DeviceName): string => [driver, pool, device, shareID].join('/');

/** What drivers said of devices goes when the claim has them no more. */
function dropFreedDevices({ status }: ResourceClaimV1, { status: old }: ResourceClaimV1): void {
  const freed = new Set(old.allocation?.devices.results?.map(keyOf));
  for (const result of status.allocation?.devices.results ?? []) freed.delete(keyOf(result));
  const kept = status.devices?.filter((device) => !freed.has(keyOf(device))) ?? [];
  if (kept.length > 0) status.devices = kept;
  else delete status.devices;
}

function resourceSliceStrategy(clock: Clock): Strategy<ResourceSlice> {
  return {
    prepareForCreate(slice, context) {
      countedSpec.prepareForCreate?.(slice, context);
      completeDevices(slice, undefined, clock);
    },
    prepareForUpdate(slice, old, context) {
      completeDevices(slice, old, clock);
      countedSpec.prepareForUpdate?.(slice, old, context);
    },
  };
}

/**
 * Says since when taints are there, and drops what is behind gates that are closed in 1.36 (`DRAListTypeAttributes`,
 * `DRANodeAllocatableResources`): that stays only where it is.
 */
function completeDevices({ spec }: ResourceSlice, old: ResourceSlice | undefined, clock: Clock): void {
  const before = old?.spec.devices ?? [];
  const hasLists = before.some(({ attributes = {} }) => Object.values(attributes).some(isList));
  const hasMappings = before.some((device) => device.nodeAllocatableResourceMappings !== undefined);
  for (const device of spec.devices ?? []) {
    for (const taint of device.taints ?? []) taint.timeAdded ??= formatTime(clock.now());
    if (!hasMappings) delete device.nodeAllocatableResourceMappings;
    if (!hasLists) for (const attribute of Object.values(device.attributes ?? {})) dropLists(attribute);
  }
}

type Attribute = Partial<Record<'ints' | 'bools' | 'strings' | 'versions', unknown[]>>;

function isList({ ints, bools, strings, versions }: Attribute): boolean {
  return [ints, bools, strings, versions].some((list) => list !== undefined);
}

function dropLists(attribute: Attribute): void {
  for (const field of ['ints', 'bools', 'strings', 'versions'] as const) delete attribute[field];
}
