import { int32, list, message, of, oneOf, pointer, required, set, string } from '#machinery';

export class PodFailurePolicyOnExitCodesRequirement extends message('With which exit code a container has ended.', {
  containerName: pointer(string(1, 'The container; any by default.')),
  operator: required(
    oneOf(2, 'Whether the code has to be among the values or must not be.', ['In', 'NotIn'], { enumIsForRules: true }),
  ),
  values: required(set(3, 'The codes, in order.', int32(0, ''))),
}) {}

export class PodFailurePolicyOnPodConditionsPattern extends message('A condition that a pod has.', {
  type: required(string(1, 'The type of the condition.', { minLength: 0 })),
  status: string(2, 'The status of the condition; `True` by default.', { emitEmpty: true }),
}) {}

/** What a failed pod can mean. */
export const failureActions = ['Count', 'FailIndex', 'FailJob', 'Ignore'] as const;

export class PodFailurePolicyRule extends message('What it means when a pod has failed in one way.', {
  action: required(
    oneOf(1, 'Whether it ends the Job, or its index, or counts, or not.', failureActions, { enumIsForRules: true }),
  ),
  onExitCodes: pointer(of(2, 'The way, by exit code.', PodFailurePolicyOnExitCodesRequirement)),
  onPodConditions: list(3, 'The way, by conditions of the pod.', PodFailurePolicyOnPodConditionsPattern),
}) {}

export class PodFailurePolicy extends message('What it means when a pod of a Job has failed.', {
  rules: required(list(1, 'The first that fits decides.', PodFailurePolicyRule)),
}) {}
