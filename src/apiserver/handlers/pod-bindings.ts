import { bindings } from '#api';
import { badRequest, isKubeObject, methodNotSupported, type Resource } from '#machinery';
import type { Rest } from '../registry/rest.ts';
import type { VirtualRest } from './catalog.ts';

/** `bindings`: the old way to bind a pod, which leads to its `binding` subresource. */
export function podBindings(pods: () => Rest): VirtualRest {
  return {
    resource: bindings as Resource,
    create: async (context, namespace, body, options) => {
      const name = isKubeObject(body) ? body.metadata.name : undefined;
      if (!name) throw badRequest('Name parameter required.');
      const binding = pods().subresource('binding');
      if (!binding?.create) throw methodNotSupported({ group: '', plural: 'pods/binding' }, 'create');
      return binding.create(context, namespace, name, body, options);
    },
  };
}
