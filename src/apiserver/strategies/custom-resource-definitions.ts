import { customResourceDefinitions, type CustomResourceDefinition } from '#api';
import type { Strategy } from '../registry/strategy.ts';
import { beginAs, prepareSpec, statusStrategy } from './spec-and-status.ts';

const begin = beginAs(customResourceDefinitions.kind);
const allowUnconditionalUpdate = false;

/** What is special about definitions (`apiextensions-apiserver/pkg/registry/customresourcedefinition/strategy.go`). */
export const customResourceDefinitionStrategy: Strategy<CustomResourceDefinition> = {
  allowUnconditionalUpdate,
  prepareForCreate(definition) {
    begin(definition);
    addStoredVersion(definition);
  },
  prepareForUpdate(definition, old) {
    prepareSpec(definition, old);
    addStoredVersion(definition);
  },
  subresources: { status: (store) => store.partial('status', { ...statusStrategy, allowUnconditionalUpdate }) },
};

/** From now on there may be objects in the version that is stored. */
function addStoredVersion({ spec, status }: CustomResourceDefinition): void {
  const name = spec.versions.find(({ storage }) => storage)?.name;
  const stored = status.storedVersions ?? [];
  if (name !== undefined && !stored.includes(name)) status.storedVersions = [...stored, name];
}
