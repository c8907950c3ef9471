import type { LinuxContainerResources, NamespaceMode } from '#cri';
import type { LayerId } from '../images/layer-store.ts';
import type { ContainerUserIds } from '../oci/user.ts';

/** What is known of a pod sandbox. */
export interface SandboxRecord {
  readonly id: string;
  /** The `PodSandboxConfig` it was made from, protobuf in base64. */
  readonly config: string;
  readonly runtimeHandler: string;
  readonly createdAtMs: number;
  /** Whether it was stopped; what runs no more is also told by its namespaces. */
  readonly stopped: boolean;
  readonly network: NamespaceMode;
  /** Absent with host network. */
  readonly ip?: string;
  /** The host's end of the veth pair. */
  readonly link?: string;
  readonly cgroupParent: string;
  /** The process that holds a shared PID namespace. */
  readonly holder?: { pid: number; startTicks: string };
}

/** What is known of a container. Its state follows from its times: created, running since, exited at. */
export interface ContainerRecord {
  readonly id: string;
  readonly sandboxId: string;
  /** The `ContainerConfig` it was made from, protobuf in base64. */
  readonly config: string;
  readonly imageId: string;
  /** The digest by which the image was pulled, or its ID. */
  readonly imageRef: string;
  readonly layers: readonly LayerId[];
  /** Absolute; empty when nothing is logged. */
  readonly logPath: string;
  readonly cgroupsPath: string;
  readonly user: ContainerUserIds;
  readonly stopSignal: string;
  readonly resources: LinuxContainerResources;
  readonly createdAtMs: number;
  readonly startedAtMs?: number;
  readonly finishedAtMs?: number;
  readonly pid?: number;
  readonly exitCode?: number;
  readonly reason?: string;
  readonly message?: string;
}
