import { adminAccess } from './access.ts';
import { requireConfig } from './config.ts';
import { kubeconfigFor } from './kubeconfig.ts';
import type { Machine } from './machine.ts';
import { ClusterPaths } from './paths.ts';
import { Pki } from './pki.ts';

/** A kubeconfig with this cluster alone, as YAML. */
export async function kubeconfigOf(machine: Machine, name: string): Promise<string> {
  const paths = new ClusterPaths(machine.home, name);
  const config = await requireConfig(paths);
  return kubeconfigFor(await adminAccess(config, new Pki({ directory: paths.pki, clock: machine.clock })));
}
