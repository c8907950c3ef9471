import { int32, message, of, pointer, present, required, string } from '#machinery';
import { TypedLocalObjectReference } from '../../core/v1/references.ts';

export class ServiceBackendPort extends message(
  'A port of a Service, by its name or its number.',
  {
    name: string(1, 'Its name.'),
    number: int32(2, 'Its number.'),
  },
  { mapType: 'atomic' },
) {}

export class IngressServiceBackend extends message('A Service that gets requests.', {
  name: required(string(1, 'The name of the Service, in the namespace of the Ingress.')),
  port: present(of(2, 'Which of its ports.', ServiceBackendPort)),
}) {}

export class IngressBackend extends message(
  'Who gets requests: a Service, or an object that a controller knows how to use.',
  {
    service: pointer(of(4, 'The Service.', IngressServiceBackend)),
    resource: pointer(of(3, 'The object, in the namespace of the Ingress.', TypedLocalObjectReference)),
  },
) {}
