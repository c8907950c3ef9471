import { resource } from '#machinery';
import { Binding } from './binding.ts';

export const bindings = resource({
  group: '',
  version: 'v1',
  kind: Binding,
  plural: 'bindings',
  namespaced: true,
  verbs: ['create'],
});
