import { isEqualJson } from '#machinery';
import type { CustomResourceDefinitionSpec } from '../custom-resource-definition.ts';
import type { CustomResourceDefinitionVersion } from '../custom-resource-definition-version.ts';

type PerVersion = 'schema' | 'subresources' | 'additionalPrinterColumns' | 'selectableFields';

/**
 * What upstream judges is its internal type, in which what all versions have in common stands at the top; the errors name
 * the fields where they stand there (`pkg/apis/apiextensions/v1/conversion.go`).
 */
export interface HoistedSpec {
  readonly common: Pick<CustomResourceDefinitionVersion, PerVersion>;
  readonly versions: readonly CustomResourceDefinitionVersion[];
}

const perVersion: readonly PerVersion[] = ['schema', 'subresources', 'additionalPrinterColumns', 'selectableFields'];

export function hoist({ versions }: Pick<CustomResourceDefinitionSpec, 'versions'>): HoistedSpec {
  const [first, ...others] = versions;
  if (!first) return { common: {}, versions };
  const shared = perVersion.filter((name) => others.every((one) => isEqualJson(one[name], first[name])));
  return {
    common: Object.fromEntries(shared.map((name) => [name, first[name]])),
    versions: versions.map((one) => ({ ...one, ...Object.fromEntries(shared.map((name) => [name, undefined])) })),
  };
}

/** The versions as errors show them: the internal type has no names for JSON, so that Go's stand there. */
export function shownVersions(versions: readonly CustomResourceDefinitionVersion[]): unknown[] | undefined {
  if (versions.length === 0) return undefined;
  return versions.map((one) => ({
    Name: one.name,
    Served: one.served,
    Storage: one.storage,
    Deprecated: one.deprecated ?? false,
    DeprecationWarning: one.deprecationWarning ?? null,
    Schema: one.schema ?? null,
    Subresources: one.subresources ?? null,
    AdditionalPrinterColumns: one.additionalPrinterColumns ?? null,
    SelectableFields: one.selectableFields ?? null,
  }));
}
