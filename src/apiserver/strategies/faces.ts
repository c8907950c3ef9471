import { autoscalerFromV1, autoscalerToV1, HorizontalPodAutoscaler, HorizontalPodAutoscalerV1 } from '#api';
import { decode, type ConvertObject, type Resource } from '#machinery';
import type { Conversion } from '../registry/converted-rest.ts';
import { eventsConversion } from './events-conversion.ts';

/** A resource that is not stored itself: it shows the objects of another one. */
export interface Face {
  readonly of: { readonly group: string; readonly plural: string };
  readonly conversion: Conversion;
}

/** Between the versions of autoscalers. autoscaling/v2 is stored, which has a field for everything. */
export const convertAutoscaler: ConvertObject = (object, _from, to) => {
  if (to === 'autoscaling/v1') {
    const converted = autoscalerToV1(decode(HorizontalPodAutoscaler, object).object);
    return { message: HorizontalPodAutoscalerV1, object: { ...converted, apiVersion: to } };
  }
  if (to !== 'autoscaling/v2') return undefined;
  const converted = autoscalerFromV1(decode(HorizontalPodAutoscalerV1, object).object);
  return { message: HorizontalPodAutoscaler, object: { ...converted, apiVersion: to } };
};

const autoscalersConversion: Conversion = {
  // What comes in is of the one version, what is stored of the other.
  toStored: (object) => autoscalerFromV1(object as HorizontalPodAutoscalerV1),
  fromStored: (object) => autoscalerToV1(object as HorizontalPodAutoscaler),
  storedField: (field) => field,
  versions: convertAutoscaler,
};

const faces: Readonly<Record<string, Face>> = {
  'events.k8s.io/v1/events': { of: { group: '', plural: 'events' }, conversion: eventsConversion },
  'autoscaling/v1/horizontalpodautoscalers': {
    of: { group: 'autoscaling', plural: 'horizontalpodautoscalers' },
    conversion: autoscalersConversion,
  },
};

/** What a resource shows, if it is the face of another one. */
export function faceOf({ apiVersion, plural }: Pick<Resource, 'apiVersion' | 'plural'>): Face | undefined {
  return faces[`${apiVersion}/${plural}`];
}
