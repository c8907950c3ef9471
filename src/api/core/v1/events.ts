import { resource } from '#machinery';
import { Event } from './event.ts';
import { eventColumns } from './event-columns.ts';
import { eventFields } from './event-fields.ts';
import { validateEvent } from './event-validation.ts';

export const events = resource({
  group: '',
  version: 'v1',
  kind: Event,
  plural: 'events',
  shortNames: ['ev'],
  namespaced: true,
  takesAnyFinalizer: true,
  nameRule: 'pathSegment',
  columns: eventColumns((event: Event) => event),
  selectableFields: eventFields('involvedObject', (event: Event) => event),
  validate: validateEvent,
});
