import { parseFieldSelector } from '#machinery';
import type { UserInfo } from '../registry/rest.ts';
import { noOpinion, type Attributes, type Authorizer, type Decision } from './attributes.ts';
import type { NodeGraph } from './node-graph.ts';
import type { VolumeGraph } from './volume-graph.ts';
import { nodeRules } from './policy/roles.ts';
import { ruleAllows } from './rules.ts';

const allowed: Decision = { allowed: true, reason: '' };
const deny = (reason: string): Decision => ({ allowed: false, reason });

/** The node that a user is: name `system:node:<node>` and group `system:nodes`. Undefined for everybody else. */
export function nodeOf(user: UserInfo): string | undefined {
  if (!user.name.startsWith('system:node:') || !user.groups.includes('system:nodes')) return undefined;
  return user.name.slice('system:node:'.length);
}

/**
 * Lets a kubelet do what its own node and pods need and no more (`plugin/pkg/auth/authorizer/node/node_authorizer.go`):
 * secrets, config maps, claims, volumes and service account tokens only of pods bound to it, its own Node, Lease and pods.
 * Which Node and pods it writes, NodeRestriction tells, so that one that is gone is not found and not forbidden.
 */
export class NodeAuthorizer implements Authorizer {
  readonly #graph: NodeGraph;
  readonly #volumes: VolumeGraph;

  constructor(graph: NodeGraph, volumes: VolumeGraph) {
    this.#graph = graph;
    this.#volumes = volumes;
  }

  authorize(attributes: Attributes): Decision {
    const node = nodeOf(attributes.user);
    if (node === undefined) return noOpinion;
    if (node === '') return deny(`unknown node for user ${JSON.stringify(attributes.user.name)}`);
    const special = attributes.isResourceRequest ? this.#special(node, attributes) : undefined;
    if (special) return special;
    return nodeRules.some((rule) => ruleAllows(rule, attributes)) ? allowed : noOpinion;
  }

  /** The resources whose access depends on the node; undefined for those that all nodes may use alike. */
  #special(node: string, attributes: Attributes): Decision | undefined {
    switch (`${attributes.group}/${attributes.resource}`) {
      case '/secrets':
      case '/configmaps':
        return this.#read(node, attributes);
      case '/persistentvolumeclaims':
        return this.#claim(node, attributes);
      case '/persistentvolumes':
      case 'storage.k8s.io/volumeattachments':
        return this.#single(node, attributes);
      case '/serviceaccounts':
        return this.#account(node, attributes);
      case 'resource.k8s.io/resourceclaims':
        return this.#single(node, attributes);
      case 'resource.k8s.io/resourceslices':
        return slice(node, attributes);
      case 'coordination.k8s.io/leases':
        return lease(node, attributes);
      case 'storage.k8s.io/csinodes':
        return ownObject(node, attributes, 'CSINode');
      case '/nodes':
        return ownNode(node, attributes);
      case '/pods':
        return this.#pod(node, attributes);
      default:
        return undefined;
    }
  }

  #related(node: string, { resource, namespace, name }: Attributes): Decision {
    if (name === '') return deny('No Object name found');
    if (this.#isNeeded(node, resource, namespace, name)) return allowed;
    return deny(`no relationship found between node '${node}' and this object`);
  }

  #isNeeded(node: string, resource: string, namespace: string, name: string): boolean {
    if (resource === 'persistentvolumes') return this.#volumes.needsVolume(node, name);
    if (resource === 'volumeattachments') return this.#volumes.needsAttachment(node, name);
    if (this.#graph.needs(node, resource, namespace, name)) return true;
    return resource === 'secrets' && this.#volumes.needsSecret(node, namespace, name);
  }

  /** One object that a pod of the node needs. */
  #single(node: string, attributes: Attributes): Decision {
    const { verb, subresource } = attributes;
    if (verb !== 'get') return deny('can only get individual resources of this type');
    return subresource === '' ? this.#related(node, attributes) : deny('cannot get subresource');
  }

  #read(node: string, attributes: Attributes): Decision {
    if (!['get', 'list', 'watch'].includes(attributes.verb)) return deny('can only read resources of this type');
    if (attributes.subresource !== '') return deny('cannot read subresource');
    if (attributes.namespace === '') return deny('can only read namespaced object of this type');
    return this.#related(node, attributes);
  }

  #claim(node: string, attributes: Attributes): Decision {
    const { verb, subresource } = attributes;
    if (subresource === 'status') {
      if (verb !== 'update' && verb !== 'patch') return deny('can only get/update/patch this type');
      return this.#related(node, attributes);
    }
    if (verb !== 'get') return deny('can only get individual resources of this type');
    return subresource === '' ? this.#related(node, attributes) : deny('cannot get subresource');
  }

  #account(node: string, attributes: Attributes): Decision {
    const { verb, subresource } = attributes;
    return verb === 'get' && subresource === '' ? this.#read(node, attributes) : this.#token(node, attributes);
  }

  #token(node: string, attributes: Attributes): Decision {
    if (attributes.verb !== 'create' || attributes.name === '') {
      return deny('can only create tokens for individual service accounts');
    }
    if (attributes.subresource !== 'token') return deny('can only create token subresource of serviceaccount');
    return this.#related(node, attributes);
  }

  /** Reads its own pods only; that it writes none but those, is the admission's to say, which sees them. */
  #pod(node: string, attributes: Attributes): Decision {
    const { verb, subresource } = attributes;
    switch (`${verb}/${subresource}`) {
      case 'create/':
      case 'delete/':
      case 'update/status':
      case 'patch/status':
      case 'create/eviction':
        return allowed;
      case 'get/':
        return this.#related(node, attributes);
      case 'list/':
      case 'watch/':
        if (selectsNode(attributes.fieldSelector, node)) return allowed;
        if (attributes.name !== '') return this.#related(node, attributes);
        return deny('can only list/watch pods with spec.nodeName field selector');
      default:
        return noOpinion;
    }
  }
}

function selectsNode(selector: string | undefined, node: string): boolean {
  try {
    return selector !== undefined && parseFieldSelector(selector).exact('spec.nodeName') === node;
  } catch {
    return false; // the handler tells about a selector that does not parse
  }
}

/** The devices of the node itself. What its drivers write of them, they write in their own name. */
function slice(node: string, { verb, subresource, fieldSelector }: Attributes): Decision {
  if (subresource !== '') return deny('cannot authorize ResourceSlice subresources');
  if (verb === 'create') return allowed;
  if (['watch', 'list', 'deletecollection'].includes(verb)) {
    if (selectsNode(fieldSelector, node)) return allowed;
    return deny('can only list/watch/deletecollection resourceslices with nodeName field selector');
  }
  return deny(`no relationship found between node '${node}' and this object`);
}

function lease(node: string, { verb, namespace, name }: Attributes): Decision {
  if (!['get', 'create', 'update', 'patch', 'delete'].includes(verb)) {
    return deny('can only get, create, update, patch, or delete a node lease');
  }
  if (namespace !== 'kube-node-lease') return deny('can only access leases in the "kube-node-lease" system namespace');
  if (verb === 'create' || name === node) return allowed;
  return deny('can only access node lease with the same name as the requesting node');
}

function ownObject(node: string, { verb, subresource, name }: Attributes, kind: string): Decision {
  if (!['get', 'create', 'update', 'patch', 'delete'].includes(verb)) {
    return deny(`can only get, create, update, patch, or delete a ${kind}`);
  }
  if (subresource !== '') return deny(`cannot authorize ${kind} subresources`);
  if (verb === 'create' || name === node) return allowed;
  return deny(`can only access ${kind} with the same name as the requesting node`);
}

/** Reads itself only; that it writes no other Node is the admission's to say. */
function ownNode(node: string, { verb, subresource, name }: Attributes): Decision | undefined {
  if (subresource !== '' && subresource !== 'status') return undefined;
  if (verb === 'update' || verb === 'patch' || (verb === 'create' && subresource === '')) return allowed;
  if (subresource !== '' || !['get', 'list', 'watch'].includes(verb)) return undefined;
  if (name === node) return allowed;
  const what = name === '' ? 'all nodes' : `'${name}'`;
  return deny(`node '${node}' cannot read ${what}, only its own Node object`);
}
