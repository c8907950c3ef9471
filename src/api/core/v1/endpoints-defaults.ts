import type { Endpoints } from './endpoints.ts';

/** Fills in what endpoints leave unsaid (`pkg/apis/core/v1/defaults.go`). */
export function setEndpointsDefaults({ subsets = [] }: Endpoints): void {
  for (const { ports = [] } of subsets) for (const port of ports) port.protocol ||= 'TCP';
}
