import type { APIService } from './api-service.ts';

export function setAPIServiceDefaults({ spec }: APIService): void {
  if (spec.service) spec.service.port ??= 443;
}
