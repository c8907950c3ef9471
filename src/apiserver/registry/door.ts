import type { Clock, Logger } from '#base';
import {
  dropFields,
  FieldManager,
  type ConvertObject,
  type FieldFilter,
  type KubeObject,
  type Resource,
} from '#machinery';
import type { UpdateStrategy } from './strategy.ts';

/** A way to write objects: whole, or a part of them through a subresource; it knows who owns what was written by it. */
export interface Door {
  readonly resource: Resource<KubeObject>;
  /** '' for the whole object. */
  readonly subresource: string;
  readonly strategy: UpdateStrategy;
  readonly fields: FieldManager;
  readonly log: Logger;
}

export interface DoorParts {
  readonly resource: Resource<KubeObject>;
  readonly clock: Clock;
  readonly log: Logger;
  /** Between the versions that the objects are written in. */
  readonly convert?: ConvertObject | undefined;
}

export function doorOf(parts: DoorParts, subresource: string, strategy: UpdateStrategy): Door {
  const { resource, clock, convert, log } = parts;
  const { kind: message, apiVersion, kindName: kind } = resource;
  const nowMs = (): number => clock.now();
  const filter = strategy.ownable ?? ownableBy(resource, subresource);
  const fields = new FieldManager({ message, apiVersion, kind, subresource, nowMs, filter, convert });
  return { resource, subresource, strategy, fields, log };
}

const allButStatus = dropFields('status');
const allButSpec = dropFields('spec');

/** Of objects with a wish and a state, each half is owned by who writes it through its own door. */
function ownableBy({ subresources = {} }: Resource<KubeObject>, subresource: string): FieldFilter | undefined {
  if (subresource === 'status') return allButSpec;
  return subresource === '' && 'status' in subresources ? allButStatus : undefined;
}
