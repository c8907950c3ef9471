import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Random } from '#base';
import { badRequest, isStatusError, methodNotSupported, notFound, type KubeObject } from '#machinery';
import type { Exchange } from '../http/exchange.ts';
import { methodNotAllowed } from '../handlers/route.ts';
import { apiServerUser } from '../authn/users.ts';
import type { Rest } from '../registry/rest.ts';
import { splitTarget } from './target-name.ts';
import type { Backend, ClientCertificate, Dial } from './backend.ts';
import { backendPath, escapedPath } from './escaped-path.ts';
import { forward } from './forward.ts';
import { isGlobalUnicast } from './global-unicast.ts';
import { kubeletAddress, type NodeLike } from './node-address.ts';
import type { PodLike } from './pod-container.ts';
import { servePodLog, servePortForward, serveRemoteCommand } from './pod-streams.ts';
import {
  endpointsBehind,
  noEndpoints,
  portNameOf,
  type Endpoint,
  type EndpointsLike,
  type ServiceLike,
} from './service-endpoint.ts';

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
    if (!proxiedMethods.has(exchange.method)) throw methodNotAllowed();
    const backend = await find();
    const { info, search } = exchange;
    const { subpath } = info;
    // Without the slash at the end the relative links of a page would lead out of the proxy.
    const isRead = exchange.method === 'GET' || exchange.method === 'HEAD';
    if (subpath === '' && isRead && !exchange.upgrade) {
      exchange.header('Location', `${escapedPath(exchange.path)}/${search}`);
      return exchange.sendEmpty(301);
    }
    await forward(exchange, backend, `${backendPath(subpath)}${search}`);
  }

  async #podBackend({ info }: Exchange): Promise<Backend> {
    const { scheme, name, port } = splitTarget(info.name, 'pod');
    const pod = await this.#get<PodLike>('pods', info.namespace, name);
    const host = pod.status?.podIP;
    if (!host || !isGlobalUnicast(host)) throw addressNotAllowed();
    const first = pod.spec.containers.flatMap(({ ports = [] }) => ports)[0]?.containerPort;
    const number = port === '' ? (first ?? (scheme === 'https' ? 443 : 80)) : Number(port);
    return this.#dialled({ scheme, host, port: number });
  }

  /** Only addresses of pods of the namespace: an Endpoints that somebody wrote cannot lead the API server elsewhere. */
  async #serviceBackend({ info }: Exchange): Promise<Backend> {
    const { scheme, name, port } = splitTarget(info.name, 'service');
    const portName = /^\d+$/.test(port) ? portNameOf(await this.#service(info), Number(port)) : port;
    const endpoints = await this.#endpoints(info.namespace, name);
    for (const endpoint of endpointsBehind(endpoints, portName, this.#parts.random))
      if (await this.#isOfPod(endpoint, info.namespace))
        return this.#dialled({ scheme, host: endpoint.ip, port: endpoint.port });
    throw noEndpoints(endpoints, info.name);
  }

  #service({ namespace, name }: Exchange['info']): Promise<ServiceLike> {
    return this.#get<ServiceLike>('services', namespace, splitTarget(name, 'service').name);
  }

  /** Upstream says of a service whose endpoints there are not that there is no such service. */
  async #endpoints(namespace: string, name: string): Promise<EndpointsLike> {
    try {
      return await this.#get<EndpointsLike>('endpoints', namespace, name);
    } catch (error) {
      throw isStatusError(error, 'NotFound') ? notFound({ group: '', plural: 'services' }, name) : error;
    }
  }

  async #isOfPod({ ip, targetRef }: Endpoint, namespace: string): Promise<boolean> {
    if (targetRef?.name === undefined || targetRef.namespace !== namespace) return false;
    try {
      const { status } = await this.#get<PodLike>('pods', namespace, targetRef.name);
      return status?.podIPs?.some((one) => one.ip === ip) ?? false;
    } catch (error) {
      if (isStatusError(error, 'NotFound')) return false;
      throw error;
    }
  }

  async #nodeBackend({ info }: Exchange): Promise<Backend> {
    const { scheme, name, port } = splitTarget(info.name, 'node');
    const kubelet = await this.#kubelet(name);
    if (port === '' || Number(port) === kubelet.port) return kubelet;
    // A name is asked for, as upstream's resolver is (`registry/proxyutil`, `IsProxyableHostname`).
    const addresses = isIP(kubelet.host) ? [{ address: kubelet.host }] : await lookup(kubelet.host, { all: true });
    if (!addresses.every(({ address }) => isGlobalUnicast(address))) throw addressNotAllowed();
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

const proxiedMethods = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']);

function addressNotAllowed(): Error {
  return badRequest('address not allowed');
}

function mustBe(exchange: Exchange, ...verbs: string[]): Exchange {
  const { group, resource, subresource, verb } = exchange.info;
  if (verbs.includes(verb)) return exchange;
  throw methodNotSupported({ group, plural: `${resource}/${subresource}` }, verb);
}
