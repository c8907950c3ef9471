import { int32, intOrString, list, message, of, oneOf, pointer, present, required, string } from '#machinery';
import { LabelSelector } from '../../meta/v1/label-selector.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class NetworkPolicyPort extends message('Ports that traffic may use.', {
  protocol: pointer(
    oneOf(1, 'The layer-4 protocol; `TCP` by default.', ['TCP', 'UDP', 'SCTP'], { enumAsListed: true }),
  ),
  port: pointer(intOrString(2, 'The port on the pod, by number or name; all by default.')),
  endPort: pointer(int32(3, 'The last port of a range that begins with `port`.')),
}) {}

export class IPBlock extends message('Addresses outside of the cluster.', {
  cidr: required(string(1, 'The range.')),
  except: list(2, 'Parts of the range that are not meant.', string(0, '')),
}) {}

export class NetworkPolicyPeer extends message('Whom traffic may come from or go to.', {
  podSelector: pointer(
    of(1, 'Pods with these labels, in the same namespace or in those that `namespaceSelector` says.', LabelSelector),
  ),
  namespaceSelector: pointer(of(2, 'Namespaces with these labels.', LabelSelector)),
  ipBlock: pointer(of(3, 'Addresses; not together with one of the others.', IPBlock)),
}) {}

export class NetworkPolicyIngressRule extends message('Traffic that may come in.', {
  ports: list(1, 'On which ports; on all by default.', NetworkPolicyPort),
  from: list(2, 'From whom; from everybody by default.', NetworkPolicyPeer),
}) {}

export class NetworkPolicyEgressRule extends message('Traffic that may go out.', {
  ports: list(1, 'To which ports; to all by default.', NetworkPolicyPort),
  to: list(2, 'To whom; to everybody by default.', NetworkPolicyPeer),
}) {}

export class NetworkPolicySpec extends message('Which pods are meant, and what traffic they may have.', {
  podSelector: present(of(1, 'The pods; an empty selector means all of the namespace.', LabelSelector)),
  ingress: list(2, 'What may come in.', NetworkPolicyIngressRule),
  egress: list(3, 'What may go out.', NetworkPolicyEgressRule),
  policyTypes: list(
    4,
    'Which directions the policy speaks of. By default `Ingress`, and `Egress` where there is such a rule.',
    oneOf(0, '', ['Ingress', 'Egress'], { enumAsListed: true }),
  ),
}) {}

export class NetworkPolicy extends message('Which traffic pods may have. Pods that no policy selects may have all.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  spec: present(of(2, 'What is wanted.', NetworkPolicySpec)),
}) {}
