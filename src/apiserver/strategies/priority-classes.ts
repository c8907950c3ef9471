import { systemPriorityClasses, type PriorityClass } from '#api';
import { forbidden } from '#machinery';
import type { Strategy } from '../registry/strategy.ts';

const resource = { group: 'scheduling.k8s.io', plural: 'priorityclasses' };

/** PriorityClasses: those of the system stay (`pkg/registry/scheduling/priorityclass`). */
export const priorityClassStrategy: Strategy<PriorityClass> = {
  prepareForCreate({ metadata }) {
    metadata.generation = 1;
  },
  checkDelete({ metadata }) {
    const { name = '' } = metadata;
    if (!systemPriorityClasses.some((one) => one.name === name)) return;
    throw forbidden(resource, name, 'this is a system priority class and cannot be deleted');
  },
};
