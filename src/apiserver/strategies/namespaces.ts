import { namespaces, validateFinalizerName, type Namespace } from '#api';
import { dropFields, FieldPath } from '#machinery';
import type { Strategy, UpdateStrategy } from '../registry/strategy.ts';
import { keepSpec, keepStatus } from './spec-and-status.ts';

/**
 * Namespaces (`pkg/registry/core/namespace`). One that is deleted becomes Terminating and stays until whoever empties it
 * has taken the finalizer out of its spec, through the `finalize` subresource.
 */
export const namespaceStrategy: Strategy<Namespace> = {
  answersObject: true,
  prepareForCreate(namespace) {
    namespace.status = { phase: 'Active' };
    const finalizers = namespace.spec.finalizers ?? [];
    if (!finalizers.includes('kubernetes')) namespace.spec.finalizers = [...finalizers, 'kubernetes'];
    namespaces.setDefaults?.(namespace); // its name may be generated
  },
  prepareForUpdate(namespace, old) {
    keepSpec(namespace, old);
    keepStatus(namespace, old);
  },
  mayGo: ({ spec }) => (spec.finalizers?.length ?? 0) === 0,
  prepareForDelete({ metadata, status }) {
    status.phase = 'Terminating';
    delete metadata.deletionGracePeriodSeconds; // nobody waits for a time here
  },
  subresources: {
    status: (store) => store.partial('status', namespaceStatusStrategy),
    finalize: (store) => store.partial('finalize', finalizeStrategy),
  },
};

const namespaceStatusStrategy: UpdateStrategy<Namespace> = {
  validatesObject: false,
  prepareForUpdate: keepSpec,
};

const finalizeStrategy: UpdateStrategy<Namespace> = {
  validatesObject: false,
  ownable: dropFields('status'),
  prepareForUpdate: keepStatus,
  validateUpdate({ spec }, _, errors) {
    for (const [at, one] of (spec.finalizers ?? []).entries()) {
      validateFinalizerName(one, FieldPath.of('spec', 'finalizers').index(at), errors);
    }
  },
};
