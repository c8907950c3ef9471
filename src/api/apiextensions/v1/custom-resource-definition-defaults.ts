import type { CustomResourceDefinition } from './custom-resource-definition.ts';

/** Fills in what definitions leave unsaid (`pkg/apis/apiextensions/v1/defaults.go`). */
export function setCustomResourceDefinitionDefaults({ spec, status }: CustomResourceDefinition): void {
  const { names } = spec;
  names.singular ??= names.kind.toLowerCase();
  if (names.kind !== '') names.listKind ??= `${names.kind}List`;
  spec.conversion ??= { strategy: 'None' };
  const service = spec.conversion.webhook?.clientConfig?.service;
  if (service) service.port ??= 443;
  if ((status.storedVersions ?? []).length > 0) return;
  const storage = spec.versions.find((one) => one.storage);
  if (storage) status.storedVersions = [storage.name];
}
