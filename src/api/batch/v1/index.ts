/** The types of batch/v1. */
export * from './cron-job.ts';
export * from './job.ts';
export {
  PodFailurePolicy,
  PodFailurePolicyOnExitCodesRequirement,
  PodFailurePolicyOnPodConditionsPattern,
  PodFailurePolicyRule,
} from './pod-failure-policy.ts';
