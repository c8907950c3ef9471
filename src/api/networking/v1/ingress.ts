import { inlined, int32, list, message, of, oneOf, pointer, present, required, string } from '#machinery';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';
import { IngressBackend } from './ingress-backend.ts';

export class HTTPIngressPath extends message('Where requests for one path go.', {
  path: string(1, 'The path; begins with a slash.'),
  pathType: required(
    pointer(
      oneOf(3, 'How it is compared: as a whole, by its leading parts, or as the class says.', [
        'Exact',
        'ImplementationSpecific',
        'Prefix',
      ]),
    ),
  ),
  backend: required(of(2, 'Where they go.', IngressBackend)),
}) {}

export class HTTPIngressRuleValue extends message('Where HTTP requests go, by their paths.', {
  paths: required(list(1, 'The paths.', HTTPIngressPath)),
}) {}

export class IngressRuleValue extends message('Where requests go, by protocol.', {
  http: pointer(of(1, 'Those of HTTP.', HTTPIngressRuleValue)),
}) {}

export class IngressRule extends message('Where the requests for one host go.', {
  host: string(1, 'The host; `*.` in front matches one more label, and none all hosts.'),
  ...inlined(2, IngressRuleValue),
}) {}

export class IngressTLS extends message('Which hosts are served with which certificate.', {
  hosts: list(1, 'The hosts; they have to stand in the certificate.', string(0, '')),
  secretName: string(2, 'The Secret with the certificate and its key.'),
}) {}

export class IngressSpec extends message('Where requests from outside go.', {
  ingressClassName: pointer(string(4, 'The IngressClass, which tells who serves it.')),
  defaultBackend: pointer(of(1, 'Where requests go that no rule matches.', IngressBackend)),
  tls: list(2, 'The certificates.', IngressTLS),
  rules: list(3, 'Where requests go, by host.', IngressRule),
}) {}

export class IngressPortStatus extends message('How a port of the load balancer does.', {
  port: required(int32(1, 'The port.')),
  protocol: required(string(2, 'The layer-4 protocol.')),
  error: pointer(string(3, 'What went wrong, in one word.')),
}) {}

export class IngressLoadBalancerIngress extends message('Where an Ingress is reached.', {
  ip: string(1, 'Its address.'),
  hostname: string(2, 'Its name.'),
  ports: list(4, 'How its ports do.', IngressPortStatus),
}) {}

export class IngressLoadBalancerStatus extends message('What is known of the load balancer.', {
  ingress: list(1, 'Where it is reached.', IngressLoadBalancerIngress),
}) {}

export class IngressStatus extends message('How an Ingress does.', {
  loadBalancer: present(of(1, 'Where it is reached.', IngressLoadBalancerStatus)),
}) {}

export class Ingress extends message('Leads HTTP requests from outside to Services, by host and path.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  spec: present(of(2, 'What is wanted.', IngressSpec)),
  status: present(of(3, 'What is.', IngressStatus)),
}) {}
