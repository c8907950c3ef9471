import { message, int32, map, microTime, present, of, required, resource, string, type KubeMeta } from '#machinery';

/** A kind of no real API: the client's tests must hold for any resource. */
class WidgetMeta extends message('Metadata, as far as the tests need it.', {
  name: string(1, 'Name.'),
  generateName: string(2, 'Prefix of a name.'),
  namespace: string(3, 'Namespace.'),
  uid: string(5, 'UID.'),
  resourceVersion: string(6, 'Revision.'),
  creationTimestamp: microTime(8, 'When it was made.'),
  labels: map(11, 'Labels.', string(0, '')),
}) {}

class WidgetSpec extends message('What is wanted.', { size: required(int32(1, 'Its size.')) }) {}
class WidgetStatus extends message('What is.', { ready: int32(1, 'How much of it is ready.') }) {}

export class Widget extends message('A thing.', {
  apiVersion: string(0, 'Version.'),
  kind: string(0, 'Kind.'),
  metadata: present(of<WidgetMeta & KubeMeta>(1, 'Metadata.', WidgetMeta)),
  spec: present(of(2, 'What is wanted.', WidgetSpec)),
  status: present(of(3, 'What is.', WidgetStatus)),
}) {}

export const widgets = resource({
  group: 'things.test',
  version: 'v1',
  kind: Widget,
  plural: 'widgets',
  namespaced: true,
  subresources: { status: { verbs: ['get', 'update', 'patch'] } },
});
