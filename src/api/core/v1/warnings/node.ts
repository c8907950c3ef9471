import { FieldPath, type Warnings } from '#machinery';
import { warnOfCidr } from '../../../meta/v1/ip-warnings.ts';
import type { Node } from '../node.ts';

const path = FieldPath.of('spec');

/** What to tell who writes a node (`pkg/registry/core/node/strategy.go`). */
export function warnOfNode({ spec }: Node, warnings: Warnings): void {
  const { configSource, externalID, podCIDRs = [] } = spec;
  if (configSource) warnings.at(path.child('configSource'), 'the feature is removed');
  if (externalID) warnings.at(path.child('externalID'), 'this field is deprecated, and is unused by Kubernetes');
  for (const [at, cidr] of podCIDRs.entries()) warnOfCidr(cidr, warnings, path.child('podCIDRs').index(at));
}
