import { FieldPath, isDns1123Label, type KubeMeta, type Warnings } from '#machinery';
import type { PodTemplateSpec } from '../pod.ts';
import { warnOfPodTemplate } from './pod.ts';

interface Workload {
  metadata: KubeMeta;
  spec: { template?: PodTemplateSpec };
}

/** What makes pods that are named after it: their names are names of hosts. */
export function warnOfHostName({ name = '' }: KubeMeta, warnings: Warnings): void {
  const problems = isDns1123Label(name);
  if (problems.length === 0) return;
  const why =
    'this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended';
  warnings.add(`metadata.name: ${why}: [${problems.join(' ')}]`);
}

/** What makes pods of a template; of an update that leaves its wish as it is nothing is told. */
export function warnOfWorkload(workload: Workload, warnings: Warnings, old?: Workload): void {
  if (!old) warnOfHostName(workload.metadata, warnings);
  else if (isSameWish(workload, old)) return;
  const { template } = workload.spec;
  if (template) warnOfPodTemplate(template, warnings, FieldPath.of('spec', 'template'));
}

/** Whether an update changes nothing that counts. */
export function isSameWish({ metadata }: Pick<Workload, 'metadata'>, old: Pick<Workload, 'metadata'>): boolean {
  return metadata.generation === old.metadata.generation;
}
