/** The types of resource/v1: devices, and claims for them. */
export * from './allocation-result.ts';
export * from './device-capacity.ts';
export * from './device-claim.ts';
export * from './device-class.ts';
export * from './device-request.ts';
export * from './device-traits.ts';
export * from './device.ts';
export * from './resource-claim-status.ts';
export * from './resource-claim-template.ts';
export * from './resource-claim.ts';
export * from './resource-slice.ts';
