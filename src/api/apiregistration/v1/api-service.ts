import { bool, bytes, int32, listMap, message, of, pointer, present, required, string } from '#machinery';
import { conditionFields } from '../../meta/v1/condition-fields.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class ServiceReference extends message('A Service of the cluster that serves the API.', {
  namespace: string(1, 'Its namespace.'),
  name: string(2, 'Its name.'),
  port: pointer(int32(3, 'Its port; 443 by default.')),
}) {}

export class APIServiceSpec extends message('Who serves a version of a group.', {
  service: pointer(of(1, 'The Service; this server itself when there is none.', ServiceReference)),
  group: string(2, 'The group.'),
  version: string(3, 'The version.'),
  insecureSkipTLSVerify: bool(4, 'Whether the certificate of the Service is not checked.'),
  caBundle: bytes(5, 'The certificates, in PEM, that it is checked with; those of the system by default.'),
  groupPriorityMinimum: required(int32(7, 'How much clients prefer this group to others, 1 to 20000.')),
  versionPriority: required(int32(8, 'How much clients prefer this version to others of the group, 1 to 1000.')),
}) {}

export class APIServiceCondition extends message(
  'Something that is true of who serves, or not.',
  conditionFields('What: `Available`.'),
) {}

export class APIServiceStatus extends message('What is known of who serves.', {
  conditions: listMap(1, 'What is true of it.', ['type'], APIServiceCondition, { patchMergeKey: 'type' }),
}) {}

export class APIService extends message('A version of a group, and who serves it: this server, or one behind it.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  spec: present(of(2, 'Who serves.', APIServiceSpec)),
  status: present(of(3, 'What is known of it.', APIServiceStatus)),
}) {}
