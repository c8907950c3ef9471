import { message, of, pointer, present, required, string } from '#machinery';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class ParentReference extends message('The object that an address belongs to.', {
  group: string(1, 'Its API group.'),
  resource: required(string(2, 'Its resource, such as `services`.', { emitEmpty: false })),
  namespace: string(3, 'Its namespace.'),
  name: required(string(4, 'Its name.', { emitEmpty: false })),
}) {}

export class IPAddressSpec extends message('Whom an address belongs to.', {
  parentRef: required(pointer(of(1, 'The object. It never changes.', ParentReference))),
}) {}

export class IPAddress extends message(
  'An address that is taken; its name is the address. No two API servers can give it out.',
  {
    ...typeMeta,
    metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
    spec: required(of(2, 'Whom it belongs to.', IPAddressSpec)),
  },
) {}
