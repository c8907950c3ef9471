import type { HostFacts } from './host-facts.ts';
import { clusterNeeds, describePlan, planInstall, type Need } from './host-needs.mjs';

/** Without them no container can be held to its limits. */
const neededControllers = ['cpu', 'memory', 'pids'];

/** Numbers of `linux/capability.h`: what makes namespaces and mounts, and networks. */
const neededCapabilities = { CAP_SYS_ADMIN: 21n, CAP_NET_ADMIN: 12n };

/** Everything that keeps a machine from running containers, each with how to get it. */
export function problemsOf(facts: HostFacts, needs: readonly Need[] = clusterNeeds): string[] {
  const plan = planInstall(needs, facts.has);
  return [...capabilityProblems(facts), ...(plan ? [describePlan(plan)] : []), ...cgroupProblems(facts)];
}

function capabilityProblems({ capabilities }: HostFacts): string[] {
  const missing = Object.entries(neededCapabilities).filter(([, bit]) => ((capabilities >> bit) & 1n) === 0n);
  if (missing.length === 0) return [];
  const names = missing.map(([name]) => name).join(' and ');
  return [`this root lacks ${names}. In a container, give it all: docker run --privileged`];
}

function cgroupProblems({ controllers }: HostFacts): string[] {
  if (controllers.size === 0) {
    return ['no cgroups are mounted on this machine. As root, run: mount -t cgroup2 cgroup2 /sys/fs/cgroup'];
  }
  const missing = neededControllers.filter((name) => !controllers.has(name));
  if (missing.length === 0) return [];
  const options = missing.map((name) => `cgroup_enable=${name}`).join(' ');
  return [
    `missing on this machine: the cgroup controller ${missing.join(', ')}. Add "${options}" to the command line of the kernel, and boot`,
  ];
}

/** What is not as it should be, but does not keep a cluster from running. */
export function notesOf({ fileSystems, homeOnOverlay }: HostFacts): string[] {
  const copied = 'the files of images are copied for each container, which takes time and disk';
  if (!fileSystems.has('overlay')) {
    return [`this kernel has no overlayfs, so ${copied}. Where it is a module, "modprobe overlay" loads it`];
  }
  if (!homeOnOverlay) return [];
  return [`the home of clusters lies on an overlay itself, so ${copied}. Set KEDGE_HOME to a folder on a disk`];
}
