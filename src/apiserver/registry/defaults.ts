import { systemPriorityClasses } from '#api';
import { isStatusError, type KubeObject } from '#machinery';
import { findNow } from './overtaken.ts';
import type { RequestContext, Rest } from './rest.ts';

/** The namespaces that every cluster has. */
const systemNamespaces = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];

export interface DefaultsOptions {
  readonly rest: (group: string, plural: string) => Rest;
  /** The port on which the API server answers. */
  port: number;
  /** The cluster IP of the Service `kubernetes`: the first of the range. */
  clusterIp: string;
  signal: AbortSignal;
}

/** Makes the objects that must be there before anybody asks: namespaces, priority classes, the API server's own Service. */
export async function ensureDefaults({ rest, port: targetPort, clusterIp, signal }: DefaultsOptions): Promise<void> {
  const context = systemContext(signal);
  const namespaces = rest('', 'namespaces');
  for (const name of systemNamespaces) await ensure(namespaces, context, '', { metadata: { name } });
  const priorityClasses = rest('scheduling.k8s.io', 'priorityclasses');
  for (const { name, ...rest } of systemPriorityClasses) {
    await ensure(priorityClasses, context, '', { metadata: { name }, ...rest });
  }
  const port = { name: 'https', protocol: 'TCP', port: 443, targetPort };
  const service = {
    metadata: { name: 'kubernetes', labels: { component: 'apiserver', provider: 'kubernetes' } },
    spec: { type: 'ClusterIP', clusterIP: clusterIp, sessionAffinity: 'None', ports: [port] },
  };
  await ensure(rest('', 'services'), context, 'default', service);
}

async function ensure(
  rest: Rest,
  context: RequestContext,
  ns: string,
  object: Pick<KubeObject, 'metadata'>,
): Promise<void> {
  if (await findNow(rest, context, ns, object.metadata.name ?? '')) return;
  try {
    await rest.create(context, ns, object);
  } catch (error) {
    if (!isStatusError(error, 'AlreadyExists')) throw error;
  }
}

/** Who writes when the API server itself does. */
export function systemContext(signal: AbortSignal): RequestContext {
  return {
    user: { name: 'system:apiserver', groups: ['system:masters', 'system:authenticated'] },
    signal,
    warn: () => {},
    userAgent: 'kube-apiserver',
  };
}
