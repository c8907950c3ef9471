import type { DeviceClaim } from './device-claim.ts';
import type { DeviceSubRequest, ExactDeviceRequest } from './device-request.ts';
import type { ResourceClaimTemplate } from './resource-claim-template.ts';
import type { ResourceClaim } from './resource-claim.ts';

/** Fills in what a claim leaves unsaid (`pkg/apis/resource/v1/defaults.go`). */
export function setResourceClaimDefaults({ spec }: ResourceClaim): void {
  setDeviceDefaults(spec.devices);
}

/** Fills in what the claims of a template leave unsaid. */
export function setResourceClaimTemplateDefaults({ spec }: ResourceClaimTemplate): void {
  setDeviceDefaults(spec.spec.devices);
}

function setDeviceDefaults({ requests = [] }: DeviceClaim): void {
  for (const { exactly, firstAvailable = [] } of requests) {
    for (const one of [...(exactly ? [exactly] : []), ...firstAvailable]) setRequestDefaults(one);
  }
}

function setRequestDefaults(request: ExactDeviceRequest | DeviceSubRequest): void {
  request.allocationMode ??= 'ExactCount';
  if (request.allocationMode === 'ExactCount') request.count ||= 1;
}
