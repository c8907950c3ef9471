import { Quantity } from '#machinery';
import type { PersistentVolumeClaim } from '../core/v1/index.ts';
import { storageClassOf } from '../core/v1/storage-class-of.ts';
import type { Amounts } from './amounts.ts';
import type { QuotaEvaluator } from './evaluator.ts';
import { isValueInScope } from './scopes.ts';

const countName = 'count/persistentvolumeclaims';
const names = ['persistentvolumeclaims', 'requests.storage'];
const ofClass = '.storageclass.storage.k8s.io/';

/** Claims and what they ask for, also class by class (`pkg/quota/v1/evaluator/core/persistent_volume_claims.go`). */
export const claimQuota: QuotaEvaluator<PersistentVolumeClaim> = {
  counts: (name) =>
    name === countName || names.includes(name) || names.some((one) => name.endsWith(`${ofClass}${one}`)),
  usage,
  isInScope(claim, scope) {
    if (scope.scopeName !== 'VolumeAttributesClass') return false;
    const classes = attributesClassesOf(claim);
    if (scope.operator === 'Exists') return classes.length > 0;
    return (classes.length > 0 ? classes : [undefined]).some((name) => isValueInScope(name, scope));
  },
  chargedUpdates: [''],
  freesSomething: (old, claim) => !sameAmounts(usage(old), usage(claim)),
};

function usage(claim: PersistentVolumeClaim): Amounts {
  const one = Quantity.of(1);
  const size = sizeOf(claim);
  const own = { persistentvolumeclaims: one, ...(size && { 'requests.storage': size }) };
  const name = storageClassOf(claim);
  const classed = name ? Object.entries(own).map(([key, amount]) => [`${name}${ofClass}${key}`, amount] as const) : [];
  return { [countName]: one, ...own, ...Object.fromEntries(classed) };
}

/** What is being allocated counts, where that is more than what is asked for now. */
function sizeOf({ spec, status }: PersistentVolumeClaim): Quantity | undefined {
  const asked = spec.resources?.requests?.['storage'];
  if (asked === undefined) return undefined;
  const [size, allocated] = [asked, status.allocatedResources?.['storage'] ?? '0'].map((text) => Quantity.parse(text));
  return size && allocated && allocated.compare(size) > 0 ? allocated : size;
}

function sameAmounts(a: Amounts, b: Amounts): boolean {
  const names = Object.keys({ ...a, ...b });
  return names.every((name) => (a[name] ?? Quantity.zero).compare(b[name] ?? Quantity.zero) === 0);
}

function attributesClassesOf({ spec, status }: PersistentVolumeClaim): string[] {
  const told = [
    spec.volumeAttributesClassName,
    status.currentVolumeAttributesClassName,
    status.modifyVolumeStatus?.targetVolumeAttributesClassName,
  ];
  return told.flatMap((name) => (name ? [name] : []));
}
