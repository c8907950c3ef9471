import type { LimitRange, LimitRangeItem } from './limit-range.ts';

/** Fills in what the limits of containers leave unsaid (`pkg/apis/core/v1/defaults.go`). */
export function setLimitRangeDefaults({ spec }: LimitRange): void {
  for (const item of spec.limits) if (item.type === 'Container') setContainerDefaults(item);
}

/** The most is the usual limit, the usual limit the usual request, and else the least is. */
function setContainerDefaults(item: LimitRangeItem): void {
  const limits = { ...item.max, ...item.default };
  const requests = { ...item.min, ...limits, ...item.defaultRequest };
  if (Object.keys(limits).length > 0) item.default = limits;
  if (Object.keys(requests).length > 0) item.defaultRequest = requests;
}
