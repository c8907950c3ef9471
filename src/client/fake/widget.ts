import { ObjectMeta } from '#api';
import { message, int32, present, of, required, resource, string } from '#machinery';

/** A kind of no real API: the client's tests must hold for any resource. */
class WidgetSpec extends message('What is wanted.', { size: required(int32(1, 'Its size.')) }) {}
class WidgetStatus extends message('What is.', { ready: int32(1, 'How much of it is ready.') }) {}

export class Widget extends message('A thing.', {
  apiVersion: string(0, 'Version.'),
  kind: string(0, 'Kind.'),
  metadata: present(of(1, 'Metadata.', ObjectMeta)),
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
