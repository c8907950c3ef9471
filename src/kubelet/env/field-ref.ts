import type { Pod } from '#api';

/** What the downward API needs of the world beside the pod itself. */
export interface FieldContext {
  readonly pod: Pod;
  readonly nodeName: string;
  readonly hostIps: readonly string[];
  readonly podIps: readonly string[];
}

/**
 * The value of a `fieldRef`, for env variables and downward volumes.
 * @throws Error for a path that is not supported, as upstream's `fieldpath.ExtractFieldPathAsString` words it
 */
export function fieldValue(path: string, context: FieldContext): string {
  const { pod } = context;
  const subscript = /^(metadata\.(?:labels|annotations))\['(.*)'\]$/.exec(path);
  if (subscript) {
    const map = subscript[1] === 'metadata.labels' ? pod.metadata.labels : pod.metadata.annotations;
    return map?.[subscript[2] ?? ''] ?? '';
  }
  const value = simpleField(path, context);
  if (value === undefined) throw new Error(`unsupported fieldPath: ${path}`);
  return value;
}

function simpleField(path: string, { pod, nodeName, hostIps, podIps }: FieldContext): string | undefined {
  switch (path) {
    case 'metadata.name':
      return pod.metadata.name ?? '';
    case 'metadata.namespace':
      return pod.metadata.namespace ?? '';
    case 'metadata.uid':
      return pod.metadata.uid ?? '';
    case 'metadata.labels':
      return formatMap(pod.metadata.labels);
    case 'metadata.annotations':
      return formatMap(pod.metadata.annotations);
    case 'spec.nodeName':
      return pod.spec.nodeName ?? nodeName;
    case 'spec.serviceAccountName':
      return pod.spec.serviceAccountName ?? '';
    case 'spec.host':
      return nodeName;
    case 'status.hostIP':
      return hostIps[0] ?? '';
    case 'status.hostIPs':
      return hostIps.join(',');
    case 'status.podIP':
      return podIps[0] ?? '';
    case 'status.podIPs':
      return podIps.join(',');
    default:
      return undefined;
  }
}

/** One `key="value"` a line, sorted, quoted as Go's `%q` (`fieldpath.FormatMap`). */
export function formatMap(map: Record<string, string> | undefined): string {
  return Object.entries(map ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join('\n');
}
