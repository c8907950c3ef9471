import { join } from 'node:path';
import { existsSync } from 'node:fs';
import { CriError, type ContainerConfig, type NamespaceOption } from '#cri';
import type { Context } from '../context.ts';
import { namespacePath } from '../sandbox/namespaces.ts';
import { namespaceOptions, sandboxConfig } from '../sandbox/sandbox-config.ts';
import type { SandboxRecord } from '../store/records.ts';

/** The namespaces of a container: its own, its pod's by their pins, or (left out) the node's. */
export function containerNamespaces(
  context: Context,
  sandbox: SandboxRecord,
  config: ContainerConfig,
): { type: string; path?: string }[] {
  const folder = context.paths.sandbox(sandbox.id);
  const ofPod = namespaceOptions(sandboxConfig(sandbox));
  const wanted = config.linux?.securityContext?.namespaceOptions ?? ofPod;
  const network =
    sandbox.network === 'NODE'
      ? []
      : [
          { type: 'network', path: namespacePath(folder, 'net') },
          { type: 'uts', path: namespacePath(folder, 'uts') },
        ];
  const ipc = ofPod.ipc === 'NODE' ? [] : [{ type: 'ipc', path: namespacePath(folder, 'ipc') }];
  return [{ type: 'mount' }, ...network, ...ipc, ...pidNamespace(context, folder, wanted)];
}

function pidNamespace(context: Context, folder: string, wanted: NamespaceOption): { type: string; path?: string }[] {
  switch (wanted.pid) {
    case 'NODE':
      return [];
    case 'POD':
      return [{ type: 'pid', path: namespacePath(folder, 'pid') }];
    case 'TARGET':
      return [{ type: 'pid', path: targetNamespace(context, wanted.targetId) }];
    default:
      return [{ type: 'pid' }];
  }
}

function targetNamespace(context: Context, id: string): string {
  const target = context.containers.find(id);
  if (!target?.pid || target.finishedAtMs !== undefined)
    throw new CriError('InvalidArgument', `invalid target container: container "${id}" is not running`);
  return `/proc/${target.pid}/ns/pid`;
}

/** What the containers of a sandbox find in the same place: name resolution, host name, shared memory. */
export function sandboxFiles(context: Context, sandbox: SandboxRecord): { source: string; destination: string }[] {
  const folder = context.paths.sandbox(sandbox.id);
  const ownResolver = join(folder, 'resolv.conf');
  const isHostIpc = namespaceOptions(sandboxConfig(sandbox)).ipc === 'NODE';
  const files = [
    { source: existsSync(ownResolver) ? ownResolver : '/etc/resolv.conf', destination: '/etc/resolv.conf' },
    { source: join(folder, 'hostname'), destination: '/etc/hostname' },
    { source: isHostIpc ? '/dev/shm' : join(folder, 'shm'), destination: '/dev/shm' },
    ...(sandbox.network === 'NODE' ? [{ source: '/etc/hosts', destination: '/etc/hosts' }] : []),
  ];
  return files.filter(({ source }) => existsSync(source));
}
