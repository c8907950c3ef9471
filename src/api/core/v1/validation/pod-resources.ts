import { Quantity, type FieldErrors, type FieldPath } from '#machinery';
import { containerAmounts } from '../../../quota/pod-amounts.ts';
import type { PodSpec } from '../pod-spec.ts';
import type { ResourceRequirements } from '../resources.ts';
import { validateResources } from './container-resources.ts';
import { isHugePages, validatePodResourceName } from './resource-names.ts';

/** What is asked for a pod as a whole, beside what its containers ask for (`validatePodResources`). */
export function validatePodResources(spec: PodSpec, errors: FieldErrors, path: FieldPath): void {
  const { resources, os } = spec;
  if (!resources) return;
  if (os?.name === 'windows') return errors.forbidden(path, 'may not be set for a windows pod');
  if (resources.claims) errors.forbidden(path.child('claims'), 'claims may not be set for Resources at pod-level');
  validateResources(resources, validatePodResourceName, errors, path);
  validateTotals(spec, 'requests', resources, errors, path);
  validateTotals(spec, 'limits', resources, errors, path);
  validateContainerLimits(spec, resources, errors, path);
}

/** A pod has what its containers have together; their limits may be more than its own, but for pages. */
function validateTotals(
  spec: PodSpec,
  which: 'requests' | 'limits',
  resources: ResourceRequirements,
  errors: FieldErrors,
  path: FieldPath,
): void {
  for (const [name, total] of Object.entries(containerAmounts(spec, which))) {
    const own = resources[which]?.[name];
    if (own === undefined || (which === 'limits' && !isHugePages(name))) continue;
    if (total.compare(Quantity.parse(own)) <= 0) continue;
    const why = `must be greater than or equal to aggregate container ${which} of ${total.toString()}`;
    errors.invalid(path.child(which).key(name), own, why);
  }
}

function validateContainerLimits(
  { containers }: PodSpec,
  { limits = {} }: ResourceRequirements,
  errors: FieldErrors,
  path: FieldPath,
): void {
  for (const [at, { resources }] of containers.entries()) {
    for (const [name, limit] of Object.entries(resources?.limits ?? {})) {
      const own = limits[name];
      if (own === undefined || Quantity.parse(limit).compare(Quantity.parse(own)) <= 0) continue;
      // Upstream puts the containers below the resources of the pod.
      const here = path.child('containers').index(at).key(name).child('limits');
      errors.invalid(here, limit, `must be less than or equal to pod limits of ${own}`);
    }
  }
}
