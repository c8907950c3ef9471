import type { RequestInfo } from '../http/request-info.ts';

const objectsPerSeat = 100;
const maxSeats = 10;

/**
 * The seats that a request needs: one, and more where it lists much (`util/flowcontrol/request/list_work_estimator.go`).
 * `count` tells how many objects there are; `limit` is the client's own, 0 for none; a level lets none take more than a
 * part of its `nominal` seats.
 */
export function seatsOf(
  { verb, group, resource, name }: RequestInfo,
  count: (group: string, plural: string) => number,
  { limit, nominal }: { limit: () => number; nominal: number },
): number {
  if (verb !== 'list' || name !== '') return 1;
  const stored = count(group, resource);
  if (stored <= objectsPerSeat) return 1;
  const asked = limit();
  const objects = asked > 0 && asked < stored ? asked : stored;
  const most = Math.min(maxSeats, Math.max(1, Math.ceil(nominal * 0.15)));
  return Math.min(most, Math.ceil(objects / objectsPerSeat));
}
