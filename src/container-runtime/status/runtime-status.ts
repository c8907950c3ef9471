import { release } from 'node:os';
import { RuntimeCondition, type StatusRequest, type StatusResponse } from '#cri';
import type { Context } from '../context.ts';

/** Mounts are made read-only all the way down by `mount_setattr`, which came with Linux 5.12. */
const [major = 0, minor = 0] = release().split('.').map(Number);
const hasMountSetattr = major > 5 || (major === 5 && minor >= 12);

/** The health of the runtime: always ready itself, the network once the node has a pod CIDR. */
export async function runtimeStatus(context: Context, { verbose }: StatusRequest): Promise<StatusResponse> {
  const hasNetwork = context.network.podCidr !== undefined;
  const network = hasNetwork
    ? { type: 'NetworkReady', status: true }
    : {
        type: 'NetworkReady',
        status: false,
        reason: 'NetworkPluginNotReady',
        message: 'Network plugin returns error: the node has no pod CIDR yet',
      };
  const recursiveReadOnlyMounts = hasMountSetattr && (await context.runc.mountOptions()).has('rro');
  const info = { root: context.paths.root, podCidr: context.network.podCidr, cgroupVersion: context.cgroups.version };
  return {
    status: { conditions: [RuntimeCondition.of({ type: 'RuntimeReady', status: true }), RuntimeCondition.of(network)] },
    info: verbose ? { config: JSON.stringify(info) } : {},
    runtimeHandlers: ['', 'runc'].map((name) => ({
      name,
      features: { recursiveReadOnlyMounts, userNamespaces: false },
    })),
    features: { supplementalGroupsPolicy: true, userNamespacesHostNetwork: false },
  };
}
