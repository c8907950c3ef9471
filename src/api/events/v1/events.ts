import { resource } from '#machinery';
import { Event } from './event.ts';
import { eventColumns } from '../../core/v1/event-columns.ts';
import { eventFields } from '../../core/v1/event-fields.ts';
import { validateEventV1 } from './event-validation.ts';
import { printedEvent } from './printed-event.ts';

export const eventsV1 = resource({
  group: 'events.k8s.io',
  version: 'v1',
  kind: Event,
  plural: 'events',
  shortNames: ['ev'],
  namespaced: true,
  columns: eventColumns(printedEvent),
  validate: validateEventV1,
  selectableFields: eventFields('regarding', printedEvent),
});
