import type {
  CertificateSigningRequest,
  Eviction,
  Node,
  PersistentVolumeClaim,
  Pod,
  ResourceSlice,
  TokenRequest,
} from '#api';
import { parseCsr } from '#wire';
import type { Authorizer } from '../../authz/attributes.ts';
import { nodeOf } from '../../authz/node-authorizer.ts';
import type { AdmissionPlugin, Attributes, Lookup } from '../plugin.ts';
import { refused } from '../refused.ts';
import { judgeClaimStatus } from './claims.ts';
import type { NodeWrite } from './node-write.ts';
import { judgeNode } from './nodes.ts';
import { judgeEviction, judgePod, judgePodStatus } from './pods.ts';
import { judgeToken } from './tokens.ts';

const leaseNamespace = 'kube-node-lease';

/**
 * Holds a kubelet to its own Node, its own pods and what they need, where the node authorizer, which does not see what is
 * written, cannot (`plugin/pkg/admission/noderestriction`).
 */
export class NodeRestriction implements AdmissionPlugin {
  readonly name = 'NodeRestriction';
  readonly #lookup: () => Lookup;
  readonly #authorizer: () => Authorizer;

  /** Both are asked for when they are needed: they read the registry that this plugin is part of. */
  constructor({ lookup, authorizer }: { lookup: () => Lookup; authorizer: () => Authorizer }) {
    this.#lookup = lookup;
    this.#authorizer = authorizer;
  }

  mutate(attributes: Attributes): void | Promise<void> {
    const node = nodeOf(attributes.user);
    if (node === undefined) return undefined;
    if (node === '') {
      throw refused(attributes, `could not determine node from user ${JSON.stringify(attributes.user.name)}`);
    }
    const write = { node, attributes, lookup: this.#lookup(), authorizer: this.#authorizer };
    return judge(write);
  }
}

function judge(write: NodeWrite): void | Promise<void> {
  const { attributes } = write;
  const { resource, subresource, object, old } = attributes;
  // What the decoder made of each kind has its fields.
  switch (`${resource.plural}.${resource.group}`) {
    case 'pods.':
      if (subresource === '') return judgePod(write, object as Pod | undefined, old as Pod | undefined);
      if (subresource === 'status') return judgePodStatus(write, object as Pod, old as Pod);
      if (subresource === 'eviction') return judgeEviction(write, object as Eviction);
      throw refused(
        attributes,
        `unexpected pod subresource ${JSON.stringify(subresource)}, only 'status' and 'eviction' are allowed`,
      );
    case 'nodes.':
      return judgeNode(write, object as Node | undefined, old as Node | undefined);
    case 'persistentvolumeclaims.':
      if (subresource !== 'status') throw refused(attributes, 'may only update PVC status');
      return judgeClaimStatus(write, object as PersistentVolumeClaim, old as PersistentVolumeClaim);
    case 'serviceaccounts.':
      return subresource === 'token' ? judgeToken(write, object as TokenRequest) : undefined;
    case 'leases.coordination.k8s.io':
      return judgeLease(write);
    case 'csinodes.storage.k8s.io':
      return mustBeItsOwn(write, 'CSINode');
    case 'resourceslices.resource.k8s.io':
      return judgeSlice(write, object as ResourceSlice | undefined, old as ResourceSlice | undefined);
    case 'certificatesigningrequests.certificates.k8s.io':
      return attributes.operation === 'CREATE' ? judgeRequest(write, object as CertificateSigningRequest) : undefined;
    default:
      return undefined;
  }
}

function judgeLease(write: NodeWrite): void {
  if (write.attributes.namespace !== leaseNamespace) {
    throw refused(write.attributes, `can only access leases in the ${JSON.stringify(leaseNamespace)} system namespace`);
  }
  mustBeItsOwn(write, 'node lease');
}

function mustBeItsOwn({ attributes, node }: NodeWrite, what: string): void {
  const name = attributes.operation === 'CREATE' ? attributes.object?.metadata.name : attributes.name;
  if (name !== node) throw refused(attributes, `can only access ${what} with the same name as the requesting node`);
}

/** The node authorizer sees neither what is created, nor each of many that are deleted. */
function judgeSlice({ attributes, node }: NodeWrite, slice?: ResourceSlice, old?: ResourceSlice): void {
  const { operation } = attributes;
  if (operation === 'UPDATE' || (operation === 'CREATE' ? slice : old)?.spec.nodeName === node) return;
  throw refused(
    attributes,
    `can only ${operation.toLowerCase()} ResourceSlice with the same NodeName as the requesting node`,
  );
}

const kubeletSigners = ['kubernetes.io/kubelet-serving', 'kubernetes.io/kube-apiserver-client-kubelet'];

async function judgeRequest({ attributes, node }: NodeWrite, { spec }: CertificateSigningRequest): Promise<void> {
  if (!kubeletSigners.includes(spec.signerName)) return;
  const wanted = `system:node:${node}`;
  const { commonName } = await parseCsr(Buffer.from(spec.request, 'base64').toString('latin1')).catch(() => {
    throw refused(attributes, 'unable to parse csr: PEM block type must be CERTIFICATE REQUEST');
  });
  if (commonName !== wanted) throw refused(attributes, `can only create a node CSR with CN=${wanted}`);
}
