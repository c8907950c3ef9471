import { listMap, message, of, present } from '#machinery';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';
import { MutatingWebhook, ValidatingWebhook } from './webhook.ts';

export class ValidatingWebhookConfiguration extends message('Who outside judges requests.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  webhooks: listMap(2, 'The webhooks.', ['name'], ValidatingWebhook, { patchMergeKey: 'name' }),
}) {}

export class MutatingWebhookConfiguration extends message('Who outside changes and judges requests.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  webhooks: listMap(2, 'The webhooks.', ['name'], MutatingWebhook, { patchMergeKey: 'name' }),
}) {}
