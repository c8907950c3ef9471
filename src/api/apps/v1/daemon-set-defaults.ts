import { setPodSpecDefaults } from '../../core/v1/pod-defaults.ts';
import type { DaemonSet } from './daemon-set.ts';

/** Fills in what a daemon set leaves unsaid (`pkg/apis/apps/v1/defaults.go`). */
export function setDaemonSetDefaults({ spec }: DaemonSet): void {
  const strategy = (spec.updateStrategy ??= {});
  strategy.type ||= 'RollingUpdate';
  if (strategy.type === 'RollingUpdate') {
    const rollingUpdate = (strategy.rollingUpdate ??= {});
    rollingUpdate.maxUnavailable ??= 1;
    rollingUpdate.maxSurge ??= 0;
  }
  spec.revisionHistoryLimit ??= 10;
  setPodSpecDefaults(spec.template.spec);
}
