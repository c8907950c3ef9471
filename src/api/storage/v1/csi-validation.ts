import { FieldPath, isDns1123Subdomain, isEqualJson, Quantity, type FieldErrors } from '#machinery';
import { validateCsiDriverName } from '../../core/v1/validation/storage.ts';
import { validateLabelSelector, validateQualifiedName } from '../../meta/v1/label-validation.ts';
import { immutable, notNegative, validateImmutable, validateNotNegative } from '../../meta/v1/value-validation.ts';
import type { CSIDriver, TokenRequest } from './csi-driver.ts';
import type { CSINode, CSINodeDriver } from './csi-node.ts';
import type { CSIStorageCapacity } from './csi-storage-capacity.ts';

const spec = FieldPath.of('spec');
const lifecycleModes = ['Persistent', 'Ephemeral'];
const minTokenSeconds = 600;
const maxTokenSeconds = 2 ** 32;
const minPeriodSeconds = 10;
const maxNodeIdBytes = 256;

/** The rules of CSI drivers (`pkg/apis/storage/validation/validation.go`). */
export function validateCsiDriver(driver: CSIDriver, errors: FieldErrors, old?: CSIDriver): void {
  const { volumeLifecycleModes: modes = [], tokenRequests = [], attachRequired } = driver.spec;
  validateTokenRequests(tokenRequests, errors, spec.child('tokenRequests'));
  const modesPath = spec.child('volumeLifecycleModes');
  for (const mode of modes) if (!lifecycleModes.includes(mode)) errors.notSupported(modesPath, mode, lifecycleModes);
  const { nodeAllocatableUpdatePeriodSeconds: period, serviceAccountTokenInSecrets: inSecrets } = driver.spec;
  if (period !== undefined && period < minPeriodSeconds) {
    const why = `must be greater than or equal to ${minPeriodSeconds} seconds`;
    errors.invalid(spec.child('nodeAllocatableUpdatePeriodSeconds'), period, why);
  }
  if (inSecrets !== undefined && tokenRequests.length === 0) {
    const why = 'serviceAccountTokenInSecrets is set but no tokenRequests are specified';
    errors.invalid(spec.child('serviceAccountTokenInSecrets'), inSecrets, why);
  }
  if (!old) return;
  // The name of the field is upstream's.
  validateImmutable(attachRequired, old.spec.attachRequired, errors, spec.child('attachedRequired'));
  validateImmutable(modes, old.spec.volumeLifecycleModes, errors, modesPath);
}

function validateTokenRequests(requests: readonly TokenRequest[], errors: FieldErrors, path: FieldPath): void {
  for (const [at, { audience, expirationSeconds: seconds }] of requests.entries()) {
    const here = path.index(at);
    if (requests.slice(0, at).some((one) => one.audience === audience)) {
      errors.duplicate(here.child('audience'), audience);
      continue;
    }
    if (seconds === undefined) continue;
    const refuse = (why: string): void => errors.invalid(here.child('expirationSeconds'), seconds, why);
    if (seconds < minTokenSeconds) refuse('may not specify a duration less than 10 minutes');
    if (seconds > maxTokenSeconds) refuse('may not specify a duration larger than 2^32 seconds');
  }
}

/** The rules of a node's drivers (`pkg/apis/storage/validation/validation.go`). */
export function validateCsiNode({ spec: { drivers } }: CSINode, errors: FieldErrors, old?: CSINode): void {
  const path = spec.child('drivers');
  for (const [at, driver] of drivers.entries()) {
    validateDriver(driver, errors, path.index(at));
    if (drivers.slice(0, at).some(({ name }) => name === driver.name)) {
      errors.duplicate(path.index(at).child('name'), driver.name);
    }
  }
  for (const before of old?.spec.drivers ?? []) {
    const now = drivers.find(({ name }) => name === before.name);
    if (now) validateImmutable(withoutCount(now), withoutCount(before), errors, path);
  }
}

function validateDriver(driver: CSINodeDriver, errors: FieldErrors, path: FieldPath): void {
  const { name, nodeID, topologyKeys = [], allocatable } = driver;
  if (name !== '') validateCsiDriverName(name, errors, path.child('name'));
  if (Buffer.byteLength(nodeID) > maxNodeIdBytes) {
    errors.invalid(path.child('nodeID'), nodeID, `must be ${maxNodeIdBytes} characters or less`);
  }
  validateNotNegative(allocatable?.count, errors, path.child('allocatable', 'count'));
  for (const [at, key] of topologyKeys.entries()) {
    if (key === '') errors.required(path);
    if (topologyKeys.indexOf(key) < at) errors.duplicate(path, key);
    validateQualifiedName(key, errors, path);
  }
}

/** How many volumes a node can take may change; nothing else of a driver may. */
function withoutCount(driver: CSINodeDriver): Omit<CSINodeDriver, 'allocatable'> {
  const { allocatable: _, ...rest } = driver;
  return rest;
}

/** The rules of capacities (`pkg/apis/storage/validation/validation.go`). */
export function validateCsiStorageCapacity(
  { nodeTopology, storageClassName, capacity }: CSIStorageCapacity,
  errors: FieldErrors,
  old?: CSIStorageCapacity,
): void {
  const [topology, name] = [FieldPath.of('nodeTopology'), FieldPath.of('storageClassName')];
  validateLabelSelector(nodeTopology, errors, topology);
  for (const why of isDns1123Subdomain(storageClassName)) errors.invalid(name, storageClassName, why);
  if (capacity !== undefined && Quantity.parse(capacity).sign() < 0) {
    errors.invalid(FieldPath.of('capacity'), capacity, notNegative);
  }
  if (!old) return;
  if (!isEqualJson(nodeTopology, old.nodeTopology)) errors.invalid(topology, nodeTopology, immutable);
  if (storageClassName !== old.storageClassName) errors.invalid(name, storageClassName, immutable);
}
