import { container, pod, shell, toolbox } from './manifests.ts';
import type { Manifest } from './test-namespace.ts';

type Fields = Record<string, unknown>;

/** Pods that talk to one another: peers are asked who they are, callers ask. */
export interface PeerOptions {
  fields?: Fields;
  spec?: Fields;
  labels?: Fields;
}

const readinessProbe = { httpGet: { port: 8080 }, periodSeconds: 1 };
const ports = [{ containerPort: 8080 }];
const ofToolbox = { image: toolbox, imagePullPolicy: 'IfNotPresent' };

/** A container that names its host over HTTP, on 8080 and 8090. */
export function peerContainer(fields: Fields = {}): Fields {
  const script = 'mkdir -p /www; printf $(hostname) > /www/index.html; httpd -p 8080 -h /www; httpd -p 8090 -h /www';
  return container({ command: shell(script), ports, readinessProbe, ...fields });
}

/** A pod of such a container. */
export function peer(name: string, options: PeerOptions = {}): Manifest {
  return of(name, peerContainer(options.fields), options);
}

/** As a peer, and over UDP on 8081, over TLS on 8443 if it is given a key; it says too with which method it was asked. */
const program = `
  const { hostname } = require('node:os');
  const answer = (request, response) => {
    response.setHeader('x-method', request.method);
    response.end(request.method === 'HEAD' ? '' : hostname());
  };
  for (const port of [8080, 8090]) require('node:http').createServer(answer).listen(port);
  const { TLS_KEY: key, TLS_CERT: cert } = process.env;
  if (key) require('node:https').createServer({ key, cert }, answer).listen(8443);
  const socket = require('node:dgram').createSocket('udp6');
  socket.on('message', (message, { address, port }) => socket.send(hostname(), port, address)).bind(8081);
  process.on('SIGTERM', () => process.exit());`;

/** A peer that speaks more than HTTP. */
export function versatilePeer(name: string, options: PeerOptions = {}): Manifest {
  const command = ['node', '-e', program];
  return of(name, container({ ...ofToolbox, command, ports, readinessProbe, ...options.fields }), options);
}

/** A pod in which `wget` is run. */
export function caller(name: string, spec: Fields = {}): Manifest {
  return of(name, container(), { spec });
}

/** A pod in which the tools of the toolbox are run: `udp`, `dns`, `node`. */
export function versatileCaller(name: string, spec: Fields = {}): Manifest {
  return of(name, container({ ...ofToolbox, command: ['hold'] }), { spec });
}

function of(name: string, one: Fields, { spec, labels }: PeerOptions): Manifest {
  return pod(name, {}, { terminationGracePeriodSeconds: 1, containers: [one], ...spec }, { labels });
}
