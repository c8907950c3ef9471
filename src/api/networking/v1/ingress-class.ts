import { message, of, oneOf, pointer, present, required, string } from '#machinery';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class IngressClassParametersReference extends message('An object with settings for a class.', {
  apiGroup: pointer(string(1, 'The API group of its kind; the core group by default.')),
  kind: required(string(2, 'Its kind.')),
  name: required(string(3, 'Its name.')),
  scope: pointer(
    oneOf(4, 'Whether it lives in a namespace; `Cluster` by default.', ['Cluster', 'Namespace'], { emitEmpty: true }),
  ),
  namespace: pointer(string(5, 'Its namespace, where it lives in one.')),
}) {}

export class IngressClassSpec extends message('Who serves the Ingresses of a class, and how.', {
  controller: string(1, 'The controller that serves them, such as `acme.io/ingress-controller`. It never changes.'),
  parameters: pointer(of(2, 'An object with settings for it.', IngressClassParametersReference)),
}) {}

export class IngressClass extends message('A kind of Ingress: who serves it.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  spec: present(of(2, 'What is wanted.', IngressClassSpec)),
}) {}
