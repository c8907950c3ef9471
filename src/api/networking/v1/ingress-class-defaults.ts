import type { IngressClass } from './ingress-class.ts';

/** Fills in what a class leaves unsaid (`pkg/apis/networking/v1/defaults.go`). */
export function setIngressClassDefaults({ spec: { parameters } }: IngressClass): void {
  if (parameters) parameters.scope ??= 'Cluster';
}
