import type { FieldPath, Warnings } from '#machinery';
import type { EnvVar } from '../env.ts';

/** A variable that is set twice, unless the second value is made of the first: apply may lose one of them. */
export function warnOfEnv(env: readonly EnvVar[], warnings: Warnings, path: FieldPath): void {
  env.forEach(({ name, value = '', valueFrom }, at) => {
    if (env.findIndex((one) => one.name === name) === at) return;
    const reference = `$(${name})`;
    if (!valueFrom && value !== reference && value.includes(reference)) return;
    const why = `hides previous definition of ${JSON.stringify(name)}, which may be dropped when using apply`;
    warnings.at(path.index(at), why);
  });
}
