import type { Node, Pod } from '#api';
import { Quantity } from '#machinery';
import { selectorMatchesNode } from './node-affinity.ts';
import { podResources } from '../runtime/linux-resources.ts';
import type { PendingResize } from './allocation.ts';
import type { Failure } from './pod-worker.ts';

/** What runs our containers. */
const system = 'linux';

export interface AdmissionInput {
  readonly pod: Pod;
  /** The pods that already take up the node. */
  readonly others: readonly Pod[];
  readonly node: Node | undefined;
  readonly allocatable: Record<string, string>;
}

/**
 * Whether the node can take a pod that was bound to it; the reason why not otherwise (upstream `pkg/kubelet/lifecycle/predicate.go`).
 * The scheduler has decided the same before, but it may have seen an older node, or not been asked.
 */
export function rejectionOf({ pod, others, node, allocatable }: AdmissionInput): Failure | undefined {
  const foreign = foreignSystem(pod);
  if (foreign) return foreign;
  if (node && !selectorMatchesNode(pod, node)) {
    return rejected('NodeAffinity', "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector");
  }
  if (portsConflict(pod, others)) {
    return rejected(
      'NodePorts',
      "Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports",
    );
  }
  return shortage(pod, others, allocatable);
}

/** Why a pod is of another operating system. What upstream calls a selector is the label of the pod itself. */
function foreignSystem({ metadata, spec }: Pod): Failure | undefined {
  if ((metadata.labels?.['kubernetes.io/os'] ?? system) !== system) {
    const message = "Failed to admit pod as the `kubernetes.io/os` label doesn't match node label";
    return rejected('PodOSSelectorNodeLabelDoesNotMatch', message);
  }
  if ((spec.os?.name ?? system) === system) return undefined;
  return rejected('PodOSNotSupported', "Failed to admit pod as the OS field doesn't match node OS");
}

function rejected(reason: string, message: string): Failure {
  return { reason, message: `Pod was rejected: ${message}` };
}

/**
 * Why a pod that runs cannot be given what it now asks for: the node has not so much, or others have it
 * (`pkg/kubelet/allocation`, canResizePod).
 */
export function resizeProblem({ pod, others, allocatable }: AdmissionInput): PendingResize | undefined {
  const alone = shortageOf(pod, [], allocatable);
  if (alone) {
    const { name, requested, capacity } = alone;
    const message = `Node didn't have enough capacity: ${name}, requested: ${requested}, capacity: ${capacity}`;
    return { reason: 'Infeasible', message };
  }
  const short = shortageOf(pod, others, allocatable);
  return short && { reason: 'Deferred', message: describe(short) };
}

function shortage(pod: Pod, others: readonly Pod[], allocatable: Record<string, string>): Failure | undefined {
  const short = shortageOf(pod, others, allocatable);
  return short && rejected(`OutOf${short.name}`, describe(short));
}

interface Shortage {
  readonly name: string;
  readonly requested: number;
  readonly used: number;
  readonly capacity: number;
}

function describe({ name, requested, used, capacity }: Shortage): string {
  return `Node didn't have enough resource: ${name}, requested: ${requested}, used: ${used}, capacity: ${capacity}`;
}

/** The first resource of which the node has too little left. */
function shortageOf(pod: Pod, others: readonly Pod[], allocatable: Record<string, string>): Shortage | undefined {
  const wanted = podResources(pod);
  const used = others.map(podResources);
  const sum = (read: (one: ReturnType<typeof podResources>) => number): number =>
    used.reduce((total, one) => total + read(one), 0);
  const checks = [
    { name: 'pods', requested: 1, used: others.length, capacity: Quantity.parse(allocatable['pods'] ?? '0').value() },
    {
      name: 'cpu',
      requested: wanted.milliCpu,
      used: sum((one) => one.milliCpu),
      capacity: Quantity.parse(allocatable['cpu'] ?? '0').milliValue(),
    },
    {
      name: 'memory',
      requested: wanted.memory,
      used: sum((one) => one.memory),
      capacity: Quantity.parse(allocatable['memory'] ?? '0').value(),
    },
  ];
  return checks.find(({ requested, used, capacity }) => requested > 0 && requested > capacity - used);
}

interface HostPort {
  protocol: string;
  ip: string;
  port: number;
}

function hostPorts(pod: Pod): HostPort[] {
  return [
    ...(pod.spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always'),
    ...pod.spec.containers,
  ]
    .flatMap(({ ports = [] }) => ports)
    .flatMap(({ protocol = 'TCP', hostIP, hostPort }) =>
      hostPort ? [{ protocol, ip: hostIP || '0.0.0.0', port: hostPort }] : [],
    );
}

function portsConflict(pod: Pod, others: readonly Pod[]): boolean {
  const wanted = hostPorts(pod);
  if (wanted.length === 0) return false;
  const taken = others.flatMap(hostPorts);
  const anyIp = '0.0.0.0';
  return wanted.some((one) =>
    taken.some(
      (other) =>
        one.protocol === other.protocol &&
        one.port === other.port &&
        (one.ip === other.ip || one.ip === anyIp || other.ip === anyIp),
    ),
  );
}
