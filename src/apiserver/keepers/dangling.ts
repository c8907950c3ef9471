import type { FlowSchema } from '#api';
import { formatTime } from '#machinery';

type Conditions = NonNullable<FlowSchema['status']['conditions']>;

/** What to write about the priority level that a schema leads to; undefined when that stands there already. */
export function danglingOf({ spec, status }: FlowSchema, isThere: boolean, nowMs: number): Conditions | undefined {
  const level = JSON.stringify(spec.priorityLevelConfiguration.name);
  const references = `This FlowSchema references the PriorityLevelConfiguration object named ${level}`;
  const wanted = isThere
    ? { status: 'False', reason: 'Found', message: `${references} and it exists` }
    : { status: 'True', reason: 'NotFound', message: `${references} but there is no such object` };
  const now = status.conditions?.find(({ type }) => type === 'Dangling');
  const isSame = now?.status === wanted.status && now.reason === wanted.reason && now.message === wanted.message;
  return isSame ? undefined : [{ type: 'Dangling', ...wanted, lastTransitionTime: formatTime(nowMs) }];
}
