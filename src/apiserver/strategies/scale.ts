import { scales, type Scale } from '#api';
import {
  badRequest,
  conflict,
  FieldErrors,
  FieldPath,
  fieldsAfterScale,
  invalid,
  objectModified,
  scaleFieldsOf,
  selectorOf,
  type KubeObject,
  type ManagedFieldsEntry,
  type Resource,
} from '#machinery';
import { answerOf } from '../registry/answers.ts';
import { mustBeIn } from '../registry/create.ts';
import { doorOf } from '../registry/door.ts';
import { setManagedFields } from '../registry/managed-fields.ts';
import type { Answer, RequestContext, SubresourceRest, WriteOptions } from '../registry/rest.ts';
import type { ResourceStore } from '../registry/store.ts';
import { mustHaveUid } from '../registry/uid-precondition.ts';
import type { UpdateStrategy } from '../registry/strategy.ts';
import { wantedOfBody, wantedOfPatch, type Wanted } from '../registry/wanted.ts';

/** What all have in common that can be scaled. */
export interface Scalable extends KubeObject {
  spec: { replicas?: number };
  status: { replicas?: number };
}

/** Those that find their pods as most do. */
interface Selecting extends Scalable {
  spec: { replicas?: number; selector?: Parameters<typeof selectorOf>[0] };
}

type ScaleDoor<T extends KubeObject> = (store: ResourceStore<T>) => SubresourceRest;

const { apiVersion, kindName } = scales;

/** `scale`: the one number of an object that autoscalers and `kubectl scale` know how to turn. */
export function scaleOf<T extends Selecting>(strategy: UpdateStrategy<T>): ScaleDoor<T>;
/** For those that write their selector in another way: `selector` shows it. */
export function scaleOf<T extends Scalable>(strategy: UpdateStrategy<T>, selector: (object: T) => string): ScaleDoor<T>;
export function scaleOf<T extends Scalable>(
  strategy: UpdateStrategy<T>,
  selector: (object: T) => string = ({ spec }: Selecting) => selectorOf(spec.selector).toString(),
): ScaleDoor<T> {
  return (store) => {
    const toScale = (object: T, managedFields?: ManagedFieldsEntry[]): ScaleObject =>
      scaleWith(object, selector(object), managedFields);
    const { clock, log } = store.parts;
    const door = doorOf({ resource: scales as Resource<KubeObject>, clock, log }, 'scale', {});
    const from = { apiVersion: store.resource.apiVersion, replicas: ['f:spec', 'f:replicas'] };
    const write = async (
      context: RequestContext,
      target: { ns: string; name: string; options: WriteOptions },
      wanted: Wanted,
    ): Promise<Answer> => {
      const stored = await store.modify(context, { ...target, subresource: 'scale', strategy }, (object, old) => {
        const entries = old.metadata.managedFields;
        const scale = wanted.make(toScale(old, scaleFieldsOf(entries, from))) as ScaleObject;
        checkScale(store, scale, old);
        object.spec.replicas = scale.spec.replicas ?? 0;
        setManagedFields(object, fieldsAfterScale(entries, scale.metadata.managedFields, from));
      });
      return answerOf(toScale(stored.object));
    };
    return {
      get: async (context, ns, name) => answerOf(toScale((await store.get(context, ns, name)).object as T)),
      update: async (context, ns, name, body, options = {}) =>
        write(context, { ns, name, options }, wantedOfBody(door, body, context, options)),
      patch: async (context, ns, name, type, patch, options = {}) =>
        write(context, { ns, name, options }, wantedOfPatch(door, type, patch, context, options)),
    };
  };
}

type ScaleObject = Scale & KubeObject;

function scaleWith(
  { metadata, spec, status }: Scalable,
  selector: string,
  managedFields: ManagedFieldsEntry[] | undefined,
): ScaleObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata;
  return {
    apiVersion,
    kind: kindName,
    metadata: {
      ...(name && { name }),
      ...(namespace && { namespace }),
      ...(uid && { uid }),
      ...(resourceVersion && { resourceVersion }),
      ...(creationTimestamp && { creationTimestamp }),
      ...(managedFields && { managedFields }),
    },
    spec: { ...(spec.replicas && { replicas: spec.replicas }) },
    status: { replicas: status.replicas ?? 0, ...(selector && { selector }) },
  };
}

function checkScale<T extends Scalable>({ parts }: ResourceStore<T>, scale: Scale, old: T): void {
  const { name = '', namespace = '', resourceVersion } = old.metadata;
  const { name: told = '' } = scale.metadata;
  if (told === '') {
    throw badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`);
  }
  if (told !== name) throw badRequest(`the name of the object (${told}) does not match the name on the URL (${name})`);
  mustBeIn(namespace, scale.metadata);
  if (scale.metadata.uid) mustHaveUid(parts.resource, scale.metadata.uid, old.metadata);
  if (scale.metadata.resourceVersion && scale.metadata.resourceVersion !== resourceVersion) {
    throw conflict(parts.resource, name, objectModified);
  }
  const errors = new FieldErrors();
  const replicas = scale.spec.replicas ?? 0;
  if (replicas < 0) {
    errors.invalid(FieldPath.of('spec', 'replicas'), replicas, 'must be greater than or equal to 0');
  }
  if (!errors.empty) throw invalid({ group: 'autoscaling', kindName: 'Scale' }, name, errors);
}
