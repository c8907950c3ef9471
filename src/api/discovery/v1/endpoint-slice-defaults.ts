import type { EndpointSlice } from './endpoint-slice.ts';

/** Fills in what a slice leaves unsaid (`pkg/apis/discovery/v1/defaults.go`). */
export function setEndpointSliceDefaults({ ports = [] }: EndpointSlice): void {
  for (const port of ports) {
    port.name ??= '';
    port.protocol ??= 'TCP';
  }
}
