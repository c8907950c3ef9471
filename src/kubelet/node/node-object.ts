import type { Node, NodeCondition, NodeStatus } from '#api';
import type { Image, StatusResponse, VersionResponse } from '#cri';
import { formatTime } from '#machinery';
import type { MachineFacts } from './machine.ts';

export const kubeletVersion = 'v1.36.0';

/** What node status is made from. */
export interface NodeInput {
  readonly name: string;
  readonly ips: readonly string[];
  readonly port: number;
  readonly maxPods: number;
  readonly machine: MachineFacts;
  readonly version: VersionResponse;
  /** Undefined when the runtime does not answer. */
  readonly runtime: StatusResponse | undefined;
  readonly images: readonly Image[];
  readonly nowMs: number;
  /** The conditions as last told. */
  readonly previous: readonly NodeCondition[];
}

const reservedMemoryBytes = 100 * 1024 * 1024; // `eviction-hard` memory.available
const maxImages = 50;
const maxNamesPerImage = 5;

/** The labels that a kubelet gives its node. */
export function nodeLabels(name: string, architecture: string): Record<string, string> {
  return {
    'beta.kubernetes.io/arch': architecture,
    'beta.kubernetes.io/os': 'linux',
    'kubernetes.io/arch': architecture,
    'kubernetes.io/hostname': name,
    'kubernetes.io/os': 'linux',
  };
}

/** What a node has, and what of it pods can have. */
export function nodeResources(
  machine: MachineFacts,
  maxPods: number,
): { capacity: Record<string, string>; allocatable: Record<string, string> } {
  const common = { cpu: String(machine.cpus), 'hugepages-1Gi': '0', 'hugepages-2Mi': '0', pods: String(maxPods) };
  const ki = (bytes: number): string => `${Math.floor(bytes / 1024)}Ki`;
  return {
    capacity: { ...common, memory: ki(machine.memoryBytes), 'ephemeral-storage': ki(machine.diskBytes) },
    allocatable: {
      ...common,
      memory: ki(Math.max(0, machine.memoryBytes - reservedMemoryBytes)),
      'ephemeral-storage': String(Math.floor(machine.diskBytes * 0.9)),
    },
  };
}

/** The whole status of a node (`pkg/kubelet/nodestatus/setters.go` upstream). */
export function nodeStatus(input: NodeInput): NodeStatus {
  const { name, ips, port, machine, version } = input;
  return {
    ...nodeResources(machine, input.maxPods),
    conditions: conditions(input),
    addresses: [...ips.map((address) => ({ type: 'InternalIP', address })), { type: 'Hostname', address: name }],
    daemonEndpoints: { kubeletEndpoint: { Port: port } },
    nodeInfo: {
      machineID: machine.machineId,
      systemUUID: machine.systemUuid,
      bootID: machine.bootId,
      kernelVersion: machine.kernelVersion,
      osImage: machine.osImage,
      containerRuntimeVersion: `${version.runtimeName}://${version.runtimeVersion}`,
      kubeletVersion,
      kubeProxyVersion: '',
      operatingSystem: 'linux',
      architecture: machine.architecture,
    },
    images: nodeImages(input.images),
  };
}

/** The largest images, with names and digests. */
function nodeImages(images: readonly Image[]): { names: string[]; sizeBytes: number }[] {
  return images
    .map(({ repoDigests, repoTags, size }) => ({
      names: [...repoDigests, ...repoTags].slice(0, maxNamesPerImage),
      sizeBytes: size,
    }))
    .sort((a, b) => b.sizeBytes - a.sizeBytes)
    .slice(0, maxImages);
}

type Verdict = Pick<NodeCondition, 'type' | 'status' | 'reason' | 'message'>;

function conditions({ runtime, nowMs, previous }: NodeInput): NodeCondition[] {
  const now = formatTime(nowMs);
  const verdicts: Verdict[] = [
    verdict('MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
    verdict('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
    verdict('PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
    readiness(runtime),
  ];
  return verdicts.map((one) => {
    const before = previous.find(({ type }) => type === one.type);
    const lastTransitionTime = before?.status === one.status ? (before.lastTransitionTime ?? now) : now;
    return { ...one, lastHeartbeatTime: now, lastTransitionTime };
  });
}

function verdict(type: string, status: 'True' | 'False', reason: string, message: string): Verdict {
  return { type, status, reason, message };
}

function readiness(runtime: StatusResponse | undefined): Verdict {
  const problems = problemsOf(runtime);
  if (problems.length === 0) return verdict('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status');
  const message = problems.length > 1 ? `[${problems.join(', ')}]` : problems.join('');
  return verdict('Ready', 'False', 'KubeletNotReady', message);
}

function problemsOf(runtime: StatusResponse | undefined): string[] {
  if (!runtime) return ['container runtime is down'];
  const told = (type: string, word: string): string[] => {
    const condition = runtime.status?.conditions.find((one) => one.type === type);
    if (!condition) return [`container runtime status check may not have completed yet`];
    if (condition.status) return [];
    return [`${word}: ${type}=false reason:${condition.reason} message:${condition.message}`];
  };
  return [
    ...told('RuntimeReady', 'container runtime not ready'),
    ...told('NetworkReady', 'container runtime network not ready'),
  ];
}

/** A new node, as it is registered. */
export function newNode(input: NodeInput): Node {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: input.name,
      labels: nodeLabels(input.name, input.machine.architecture),
      annotations: { 'volumes.kubernetes.io/controller-managed-attach-detach': 'true' },
    },
    spec: {},
    status: nodeStatus(input),
  };
}
