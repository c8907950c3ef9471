import { FieldPath, type Warnings } from '#machinery';
import { nodeLabelWarning } from '../../core/v1/warnings/node-labels.ts';
import type { RuntimeClass } from './runtime-class.ts';

/** Which nodes a class is for, by labels whose time is over. */
export function warnOfRuntimeClass({ scheduling }: RuntimeClass, warnings: Warnings): void {
  for (const key of Object.keys(scheduling?.nodeSelector ?? {})) {
    const why = nodeLabelWarning(key);
    if (why !== undefined) warnings.at(FieldPath.of('scheduling', 'nodeSelector'), why);
  }
}
