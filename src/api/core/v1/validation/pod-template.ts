import { selectorOf, type FieldErrors, type FieldPath } from '#machinery';
import type { LabelSelector } from '../../../meta/v1/label-selector.ts';
import { validateTemplateMetadata } from '../../../meta/v1/label-validation.ts';
import type { PodTemplateSpec } from '../pod.ts';
import { validatePodAnnotations } from './pod-annotations.ts';
import { validatePodSpec } from './pod-spec.ts';

/** The rules of a template of pods (`ValidatePodTemplateSpec`). */
export function validatePodTemplate(template: PodTemplateSpec, errors: FieldErrors, path: FieldPath): void {
  const { metadata, spec } = template;
  // Upstream leaves `metadata` out of the path.
  validateTemplateMetadata(metadata, errors, path);
  validatePodAnnotations(template, errors, path.child('annotations'));
  validatePodSpec(spec, undefined, errors, path.child('spec'));
  if (spec.ephemeralContainers?.length) {
    errors.forbidden(path.child('spec', 'ephemeralContainers'), 'ephemeral containers not allowed in pod template');
  }
}

type Labels = Readonly<Record<string, string>> | undefined;

/** The template of something that keeps a number of pods running, and finds them by their labels. */
export function validateReplicatedTemplate(
  template: PodTemplateSpec,
  finds: (labels: Labels) => boolean,
  workload: 'DaemonSet' | 'ReplicaSet' | 'ReplicationController' | 'StatefulSet',
  errors: FieldErrors,
  path: FieldPath,
): void {
  const { labels } = template.metadata;
  if (!finds(labels)) {
    const why = '`selector` does not match template `labels`';
    errors.invalid(path.child('metadata', 'labels'), labels, why);
  }
  validatePodTemplate(template, errors, path);
  const { restartPolicy = '', activeDeadlineSeconds } = template.spec;
  if (restartPolicy !== 'Always') {
    errors.notSupported(path.child('spec', 'restartPolicy'), restartPolicy, ['Always']);
  }
  if (activeDeadlineSeconds !== undefined) {
    const why = `activeDeadlineSeconds in ${workload} is not Supported`;
    errors.forbidden(path.child('spec', 'activeDeadlineSeconds'), why);
  }
}

/** An empty selector, and one that cannot be read, are told of by others. One that is absent selects nothing. */
export function bySelector(selector: LabelSelector | undefined): (labels: Labels) => boolean {
  return (labels) => {
    try {
      const read = selectorOf(selector);
      return read.empty || read.matches(labels);
    } catch {
      return true;
    }
  };
}
