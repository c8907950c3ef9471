import { randomInt, type Random } from '#base';
import { badRequest, methodNotSupported, type KubeObject } from '#machinery';
import type { Exchange } from '../http/exchange.ts';
import { apiServerUser } from '../authn/users.ts';
import type { Rest } from '../registry/rest.ts';
import { splitTarget } from './target-name.ts';
import type { Backend, ClientCertificate, Dial } from './backend.ts';
import { forward } from './forward.ts';
import { kubeletAddress, type NodeLike } from './node-address.ts';
import type { PodLike } from './pod-container.ts';
import { servePodLog, servePortForward, serveRemoteCommand } from './pod-streams.ts';
import { endpointsOf, type EndpointSliceLike, type ServiceLike } from './service-endpoint.ts';

export interface ConnectParts {
  rest: (group: string, plural: string) => Rest;
  certificate: ClientCertificate;
  random: Random;
  /** Opens connections to pods and services; kubelets are always dialled directly. */
  dial?: Dial;
  longRunning(exchange: Exchange): () => void;
}

/** Serves the subresources that lead to a node, a pod or a service. */
export class Connect {
  readonly #parts: ConnectParts;

  constructor(parts: ConnectParts) {
    this.#parts = parts;
  }

  /** Answers when the subresource is one of these; false leaves it to the registry. */
  async serve(exchange: Exchange): Promise<boolean> {
    const handle = this.#handlerOf(`${exchange.info.resource}/${exchange.info.subresource}`);
    if (!handle || exchange.info.group !== '') return false;
    const done = this.#parts.longRunning(exchange);
    try {
      await handle(exchange);
    } finally {
      done();
    }
    return true;
  }

  #handlerOf(path: string): ((exchange: Exchange) => Promise<void>) | undefined {
    const kubelet = (node: string): Promise<Backend> => this.#kubelet(node);
    switch (path) {
      case 'pods/log':
        return async (exchange) => servePodLog(mustBe(exchange, 'get'), await this.#pod(exchange), kubelet);
      case 'pods/exec':
      case 'pods/attach':
        return async (exchange) =>
          serveRemoteCommand(mustBe(exchange, 'get', 'create'), await this.#pod(exchange), kubelet);
      case 'pods/portforward':
        return async (exchange) =>
          servePortForward(mustBe(exchange, 'get', 'create'), await this.#pod(exchange), kubelet);
      case 'pods/proxy':
        return (exchange) => this.#proxy(exchange, () => this.#podBackend(exchange));
      case 'services/proxy':
        return (exchange) => this.#proxy(exchange, () => this.#serviceBackend(exchange));
      case 'nodes/proxy':
        return (exchange) => this.#proxy(exchange, () => this.#nodeBackend(exchange));
      default:
        return undefined;
    }
  }

  async #proxy(exchange: Exchange, find: () => Promise<Backend>): Promise<void> {
    const backend = await find();
    const { subpath } = exchange.info;
    const search = exchange.query.size > 0 ? `?${exchange.query.toString()}` : '';
    // Without the slash at the end the relative links of a page would lead out of the proxy.
    const isRead = exchange.method === 'GET' || exchange.method === 'HEAD';
    if (subpath === '' && isRead && !exchange.upgrade) {
      exchange.header('Location', `${encodeURI(exchange.path)}/${search}`);
      return exchange.sendEmpty(301);
    }
    await forward(exchange, backend, `${encodeURI(subpath || '/')}${search}`);
  }

  async #podBackend({ info }: Exchange): Promise<Backend> {
    const { scheme, name, port } = splitTarget(info.name, 'pod');
    const pod = await this.#get<PodLike>('pods', info.namespace, name);
    const host = pod.status?.podIP;
    if (!host) throw badRequest('address not allowed');
    const first = pod.spec.containers.flatMap(({ ports = [] }) => ports)[0]?.containerPort;
    const number = port === '' ? (first ?? (scheme === 'https' ? 443 : 80)) : Number(port);
    return this.#dialled({ scheme, host, port: number });
  }

  async #serviceBackend({ info, signal }: Exchange): Promise<Backend> {
    const { scheme, name, port } = splitTarget(info.name, 'service');
    const service = await this.#get<ServiceLike>('services', info.namespace, name);
    const context = { user: apiServerUser, signal, warn: () => undefined, userAgent: 'kedge/proxy' };
    const labelSelector = `kubernetes.io/service-name=${name}`;
    const slices = await this.#parts
      .rest('discovery.k8s.io', 'endpointslices')
      .list(context, info.namespace, { labelSelector });
    const endpoints = endpointsOf(
      service,
      slices.items.map(({ object }) => object as EndpointSliceLike),
      port,
    );
    const chosen = endpoints[randomInt(this.#parts.random, endpoints.length)] ?? { host: '', port: 0 };
    return this.#dialled({ scheme, ...chosen });
  }

  async #nodeBackend({ info }: Exchange): Promise<Backend> {
    const { scheme, name, port } = splitTarget(info.name, 'node');
    const kubelet = await this.#kubelet(name);
    if (port === '' || Number(port) === kubelet.port) return kubelet;
    return { scheme, host: kubelet.host, port: Number(port) };
  }

  #dialled(backend: Backend): Backend {
    return this.#parts.dial ? { ...backend, dial: this.#parts.dial } : backend;
  }

  async #kubelet(node: string): Promise<Backend> {
    const address = kubeletAddress(await this.#get<NodeLike>('nodes', '', node));
    return { scheme: 'https', ...address, certificate: this.#parts.certificate };
  }

  #pod({ info }: Exchange): Promise<PodLike> {
    return this.#get<PodLike>('pods', info.namespace, info.name);
  }

  async #get<T extends KubeObject>(plural: string, namespace: string, name: string): Promise<T> {
    const context = {
      user: apiServerUser,
      signal: new AbortController().signal,
      warn: () => undefined,
      userAgent: 'kedge/proxy',
    };
    // Only the fields that `T` names are read, and the API declares them so.
    return (await this.#parts.rest('', plural).get(context, namespace, name)).object as T;
  }
}

function mustBe(exchange: Exchange, ...verbs: string[]): Exchange {
  const { group, resource, subresource, verb } = exchange.info;
  if (verbs.includes(verb)) return exchange;
  throw methodNotSupported({ group, plural: `${resource}/${subresource}` }, verb);
}
