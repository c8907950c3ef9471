import type { Container, Pod } from '#api';
import { ContainerConfig, Signal, type Mount } from '#cri';
import { expandWith } from '../env/expand.ts';
import { containerAnnotations, containerLabels } from './labels.ts';
import { containerResources, type NodeLimits } from './linux-resources.ts';
import { containerSecurity, type ImageUser } from './security-context.ts';

export interface ContainerContext {
  readonly environment: ReadonlyMap<string, string>;
  readonly mounts: readonly Mount[];
  readonly restartCount: number;
  /** What the image is called after the pull. */
  readonly imageRef: string;
  readonly imageUser: ImageUser;
  readonly limits: NodeLimits;
  /** The container whose processes an ephemeral container sees; '' for none. */
  readonly targetId: string;
}

/** What the runtime needs to know to make a container. */
export function containerConfig(pod: Pod, container: Container, context: ContainerContext): ContainerConfig {
  const { environment, restartCount } = context;
  const expandAll = (words: readonly string[] | undefined): string[] =>
    (words ?? []).map((word) => expandWith(word, environment));
  return ContainerConfig.of({
    metadata: { name: container.name, attempt: restartCount },
    image: { image: context.imageRef, userSpecifiedImage: container.image ?? '' },
    command: expandAll(container.command),
    args: expandAll(container.args),
    workingDir: container.workingDir ?? '',
    envs: [...environment].map(([key, value]) => ({ key, value: Buffer.from(value) })),
    mounts: [...context.mounts],
    labels: containerLabels(pod, container),
    annotations: containerAnnotations(pod, container, restartCount),
    logPath: `${container.name}/${restartCount}.log`,
    stdin: container.stdin === true,
    stdinOnce: container.stdinOnce === true,
    tty: container.tty === true,
    linux: {
      resources: containerResources(pod, container, context.limits),
      securityContext: containerSecurity(pod, container, context.imageUser, context.targetId),
    },
    stopSignal: stopSignalOf(container),
  });
}

/** The signal that the pod asks for; what the runtime does not know is left to the image. */
function stopSignalOf({ lifecycle }: Container): Signal {
  const wanted = lifecycle?.stopSignal ?? '';
  return isSignal(wanted) ? wanted : 'RUNTIME_DEFAULT';
}

function isSignal(name: string): name is Signal {
  return Object.hasOwn(Signal.numbers, name);
}
