import type { Container, Pod } from '#api';
import type { EventRecorder } from '#client';
import { containerFieldPath } from './containers.ts';

/** Events of one pod or container. */
export interface ContainerEvents {
  normal(reason: string, message: string): void;
  warning(reason: string, message: string): void;
}

/** Events about a pod as a whole. */
export function podEvents(recorder: Pick<EventRecorder, 'event'>, pod: Pod): ContainerEvents {
  return eventsOn(recorder, pod);
}

/** Events about one container of a pod. */
export function containerEvents(
  recorder: Pick<EventRecorder, 'event'>,
  pod: Pod,
  container: Container,
): ContainerEvents {
  return eventsOn(recorder, pod, containerFieldPath(pod, container));
}

function eventsOn(recorder: Pick<EventRecorder, 'event'>, pod: Pod, fieldPath?: string): ContainerEvents {
  const subject = { ...pod, apiVersion: 'v1', kind: 'Pod' };
  const options = fieldPath ? { fieldPath } : {};
  return {
    normal: (reason, message) => recorder.event(subject, 'Normal', reason, message, options),
    warning: (reason, message) => recorder.event(subject, 'Warning', reason, message, options),
  };
}
