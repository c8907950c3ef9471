import { setPodSpecDefaults } from '../../core/v1/pod-defaults.ts';
import type { DaemonSet } from './daemon-set.ts';

/** A field of the spec once, and an annotation since (`pkg/apis/apps/v1/conversion.go`): every DaemonSet has it, whoever writes. */
export const templateGeneration = 'deprecated.daemonset.template.generation';

/** Fills in what a daemon set leaves unsaid (`pkg/apis/apps/v1/defaults.go`). */
export function setDaemonSetDefaults({ metadata, spec }: DaemonSet): void {
  metadata.annotations = { [templateGeneration]: '0', ...metadata.annotations };
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
