import type { Namespace } from './namespace.ts';

const nameLabel = 'kubernetes.io/metadata.name';

/** Every namespace can be selected by its name (`pkg/apis/core/v1/defaults.go`); one that has none yet gets the label with it. */
export function setNamespaceDefaults({ metadata }: Namespace): void {
  if (metadata.name) metadata.labels = { ...metadata.labels, [nameLabel]: metadata.name };
}
