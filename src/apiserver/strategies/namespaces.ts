import type { Namespace } from '#api';
import { dropFields } from '#machinery';
import type { Strategy, UpdateStrategy } from '../registry/strategy.ts';
import { keepSpec, keepStatus } from './spec-and-status.ts';

const nameLabel = 'kubernetes.io/metadata.name';

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
    label(namespace);
  },
  prepareForUpdate(namespace, old) {
    keepSpec(namespace, old);
    keepStatus(namespace, old);
    label(namespace);
  },
  mayGo: ({ spec }) => (spec.finalizers?.length ?? 0) === 0,
  prepareForDelete(namespace) {
    namespace.status.phase = 'Terminating';
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
};

function label({ metadata }: Namespace): void {
  metadata.labels = { ...metadata.labels, [nameLabel]: metadata.name ?? '' };
}
