/** The internal Go type of a kind, which some errors name: `*core.ConfigMap`. */
export function internalType({ group, kind }: { group: string; kind: string }): string {
  // Events of both groups are one type.
  const name = group === '' || group === 'events.k8s.io' ? 'core' : (group.split('.')[0] ?? group);
  return `*${name}.${kind}`;
}
