import { FieldPath, isEqualJson, type Warnings } from '#machinery';
import { warnOfClaimSpec } from '../../core/v1/warnings/claim.ts';
import { warnOfPodTemplate } from '../../core/v1/warnings/pod.ts';
import { isSameWish } from '../../core/v1/warnings/workload.ts';
import type { DaemonSet } from './daemon-set.ts';
import type { StatefulSet } from './stateful-set.ts';

const path = FieldPath.of('spec');

/** `pkg/registry/apps/daemonset/strategy.go`: of changes of the template only is anything told. */
export function warnOfDaemonSet({ spec }: DaemonSet, warnings: Warnings, old?: DaemonSet): void {
  if (old && isEqualJson(spec.template, old.spec.template)) return;
  warnOfPodTemplate(spec.template, warnings, path.child('template'));
}

/** `pkg/registry/apps/statefulset/strategy.go`. */
export function warnOfStatefulSet(statefulSet: StatefulSet, warnings: Warnings, old?: StatefulSet): void {
  const { template, volumeClaimTemplates = [], revisionHistoryLimit = 0 } = statefulSet.spec;
  if (!old || !isSameWish(statefulSet, old)) warnOfPodTemplate(template, warnings, path.child('template'));
  for (const [at, { spec }] of volumeClaimTemplates.entries()) {
    const claim = path.child('volumeClaimTemplates').index(at);
    // Upstream's path is a part longer on update.
    warnOfClaimSpec(spec, warnings, old ? claim.child('Spec') : claim);
  }
  if (revisionHistoryLimit < 0) {
    const why = 'a negative value retains all historical revisions; a value >= 0 is recommended';
    warnings.at(path.child('revisionHistoryLimit'), why);
  }
}
