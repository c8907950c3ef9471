import { Scale } from '#api';
import {
  badRequest,
  conflict,
  FieldErrors,
  FieldPath,
  invalid,
  objectModified,
  selectorOf,
  type KubeObject,
} from '#machinery';
import { answerOf } from '../registry/answers.ts';
import { decodeAs } from '../registry/body.ts';
import { applyPatch } from '../registry/patch.ts';
import type { Answer, RequestContext, SubresourceRest, WriteOptions } from '../registry/rest.ts';
import type { ResourceStore } from '../registry/store.ts';
import type { UpdateStrategy } from '../registry/strategy.ts';

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

const kind = { apiVersion: 'autoscaling/v1', kind: 'Scale' };

/** `scale`: the one number of an object that autoscalers and `kubectl scale` know how to turn. */
export function scaleOf<T extends Selecting>(strategy: UpdateStrategy<T>): ScaleDoor<T>;
/** For those that write their selector in another way: `selector` shows it. */
export function scaleOf<T extends Scalable>(strategy: UpdateStrategy<T>, selector: (object: T) => string): ScaleDoor<T>;
export function scaleOf<T extends Scalable>(
  strategy: UpdateStrategy<T>,
  selector: (object: T) => string = ({ spec }: Selecting) => selectorOf(spec.selector).toString(),
): ScaleDoor<T> {
  return (store) => {
    const toScale = (object: T): Scale & typeof kind => scaleWith(object, selector(object));
    const write = async (
      context: RequestContext,
      target: { ns: string; name: string; options: WriteOptions },
      wanted: (old: T) => Scale,
    ): Promise<Answer> => {
      const stored = await store.modify(context, { ...target, subresource: 'scale', strategy }, (object, old) => {
        const scale = wanted(old);
        checkScale(store, scale, old);
        object.spec.replicas = scale.spec.replicas ?? 0;
      });
      return answerOf(toScale(stored.object));
    };
    return {
      get: async (context, ns, name) => answerOf(toScale((await store.get(context, ns, name)).object as T)),
      update(context, ns, name, body, options = {}) {
        const scale = decodeAs(Scale, kind, body, context, options);
        return write(context, { ns, name, options }, () => scale);
      },
      patch(context, ns, name, type, patch, options = {}) {
        return write(context, { ns, name, options }, (old) =>
          decodeAs(Scale, kind, applyPatch(Scale, type, toScale(old), patch), context, options),
        );
      },
    };
  };
}

function scaleWith({ metadata, spec, status }: Scalable, selector: string): Scale & typeof kind {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata;
  return {
    ...kind,
    metadata: {
      ...(name && { name }),
      ...(namespace && { namespace }),
      ...(uid && { uid }),
      ...(resourceVersion && { resourceVersion }),
      ...(creationTimestamp && { creationTimestamp }),
    },
    spec: { ...(spec.replicas && { replicas: spec.replicas }) },
    status: { replicas: status.replicas ?? 0, ...(selector && { selector }) },
  };
}

function checkScale<T extends Scalable>({ parts }: ResourceStore<T>, scale: Scale, old: T): void {
  const { name = '', uid = '', resourceVersion } = old.metadata;
  if (scale.metadata.name && scale.metadata.name !== name) {
    throw badRequest(`the name of the object (${scale.metadata.name}) does not match the name on the URL (${name})`);
  }
  if (scale.metadata.uid && scale.metadata.uid !== uid) {
    const why = `Precondition failed: UID in precondition: ${scale.metadata.uid}, UID in object meta: ${uid}`;
    throw conflict(parts.resource, name, why);
  }
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
