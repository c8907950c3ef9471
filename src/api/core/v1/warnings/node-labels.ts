import type { Warnings, FieldPath } from '#machinery';

/** Labels of nodes whose time is over (`pkg/api/node/util.go`), with what to say of them. */
const deprecated: Readonly<Record<string, string>> = {
  'beta.kubernetes.io/arch': 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  'beta.kubernetes.io/os': 'deprecated since v1.14; use "kubernetes.io/os" instead',
  'failure-domain.beta.kubernetes.io/region': 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  'failure-domain.beta.kubernetes.io/zone': 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  'beta.kubernetes.io/instance-type': 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
  'app.kubernetes.io/created-by': 'deprecated since v1.9',
  'scheduler.alpha.kubernetes.io/preferAvoidPods': 'deprecated since v1.22; use Taints and Tolerations instead',
  'node-role.kubernetes.io/master': 'use "node-role.kubernetes.io/control-plane" instead',
};

/** What is to be said of a label of nodes, if its time is over. */
export function nodeLabelWarning(key: string): string | undefined {
  return Object.hasOwn(deprecated, key) ? deprecated[key] : undefined;
}

/** Warns of the keys in conditions on the labels of nodes. */
export function warnOfExpressions(
  expressions: readonly { key: string }[] | undefined,
  warnings: Warnings,
  path: FieldPath,
): void {
  for (const [at, { key }] of (expressions ?? []).entries()) {
    const why = nodeLabelWarning(key);
    if (why !== undefined) warnings.at(path.index(at).child('key'), `${key} is ${why}`);
  }
}
