import { request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { connect as netConnect } from 'node:net';
import type { Duplex, Readable } from 'node:stream';
import { connect as tlsConnect } from 'node:tls';
import type { Address } from './node-address.ts';

/** The API server's identity towards kubelets. */
export interface ClientCertificate {
  certPem: string;
  keyPem: string;
  /** Who signs the kubelets' certificates; without it they are not checked. */
  caPem?: string;
}

/** Opens a TCP connection; the cluster passes one that goes through the node where pods are out of the host's reach. */
export type Dial = (host: string, port: number) => Promise<Duplex>;

/** Something that speaks HTTP behind the API server: a kubelet, a pod, a service's endpoint. */
export interface Backend extends Address {
  scheme: 'http' | 'https';
  /** Present for kubelets: the certificate to show them. */
  certificate?: ClientCertificate;
  dial?: Dial;
}

export interface BackendRequest {
  method: string;
  path: string;
  headers: OutgoingHttpHeaders;
  body?: Readable;
  signal: AbortSignal;
}

/** Sends a request on and resolves with the answer's head. Rejects when the backend cannot be reached. */
export async function callBackend(backend: Backend, request: BackendRequest): Promise<IncomingMessage> {
  const { method, path, headers, signal } = request;
  const { host, port } = backend;
  const socket = await openBackend(backend);
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  // The socket brings its own TLS: what is spoken over it is HTTP either way. With an agent, even none, Node would dial anew.
  const createConnection = (): Duplex => socket;
  const outgoing = httpRequest({ host, port, method, path, headers, signal, createConnection }, resolve);
  outgoing.on('error', reject);
  if (request.body) request.body.pipe(outgoing);
  else outgoing.end();
  return promise;
}

/** A connection to the backend, inside TLS where it speaks HTTPS. */
export async function openBackend({ host, port, scheme, certificate, dial }: Backend): Promise<Duplex> {
  const raw = dial ? await dial(host, port) : await dialTcp(host, port);
  if (scheme === 'http') return raw;
  const socket = tlsConnect({
    socket: raw,
    host,
    ALPNProtocols: ['http/1.1'],
    // Pods and services are proxied to as they are; upstream does not check their certificates either.
    rejectUnauthorized: certificate?.caPem !== undefined,
    ...(certificate && { cert: certificate.certPem, key: certificate.keyPem }),
    ...(certificate?.caPem && { ca: certificate.caPem }),
  });
  await opened(socket, 'secureConnect');
  return socket;
}

export async function dialTcp(host: string, port: number): Promise<Duplex> {
  const socket = netConnect({ host, port });
  socket.setNoDelay(true);
  await opened(socket, 'connect');
  return socket;
}

function opened(socket: Duplex, event: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.once(event, () => {
    socket.off('error', reject);
    // Until somebody listens, an error must not take the process down.
    socket.on('error', () => socket.destroy());
    resolve();
  });
  socket.once('error', reject);
  return promise;
}
