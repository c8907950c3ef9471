import { setPodSpecDefaults } from '../../core/v1/pod-defaults.ts';
import type { Deployment } from './deployment.ts';

/** Fills in what a deployment leaves unsaid (`pkg/apis/apps/v1/defaults.go`). */
export function setDeploymentDefaults({ spec }: Deployment): void {
  spec.replicas ??= 1;
  spec.revisionHistoryLimit ??= 10;
  spec.progressDeadlineSeconds ??= 600;
  const strategy = (spec.strategy ??= {});
  strategy.type ||= 'RollingUpdate';
  if (strategy.type === 'RollingUpdate') {
    const rollingUpdate = (strategy.rollingUpdate ??= {});
    rollingUpdate.maxUnavailable ??= '25%';
    rollingUpdate.maxSurge ??= '25%';
  }
  setPodSpecDefaults(spec.template.spec);
}
