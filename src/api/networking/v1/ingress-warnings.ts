import type { Warnings } from '#machinery';
import type { Ingress } from './ingress.ts';

const classAnnotation = 'kubernetes.io/ingress.class';

/** What to tell who makes an ingress of a class that is named as of old. */
export function warnOfIngress({ metadata, spec }: Ingress, warnings: Warnings, old?: Ingress): void {
  if (old || metadata.annotations?.[classAnnotation] === undefined || spec.ingressClassName !== undefined) return;
  warnings.add(`annotation "${classAnnotation}" is deprecated, please use 'spec.ingressClassName' instead`);
}
