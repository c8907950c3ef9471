import type { IncomingMessage } from 'node:http';
import { messageOf } from '#base';
import { badRequest, generic, internalError } from '#machinery';
import { isWebSocketRequest } from '#wire';
import type { Exchange } from '../http/exchange.ts';
import { isTrue } from '../http/request-info.ts';
import { callBackend, type Backend } from './backend.ts';
import { forwardUpgrade, relay, relayMessages } from './forward.ts';
import { logOptionsOf } from './log-options.ts';
import { containerOf, hostOf, type PodLike } from './pod-container.ts';

/** Finds the kubelet of a node. */
export type FindKubelet = (node: string) => Promise<Backend>;

/** `pods/log`: the kubelet's log stream, passed on; over a WebSocket, where the client asks for one. */
export async function servePodLog(exchange: Exchange, pod: PodLike, kubelet: FindKubelet): Promise<void> {
  const { namespace, name = '' } = pod.metadata;
  const options = logOptionsOf(exchange.query, name);
  const container = containerOf(pod, options.container);
  if (!pod.spec.nodeName) return exchange.sendEmpty(204);
  const answer = await callBackend(await kubelet(pod.spec.nodeName), {
    method: 'GET',
    path: `/containerLogs/${namespace}/${name}/${container}?${options.query.toString()}`,
    headers: {},
    signal: exchange.signal,
  }).catch((error: unknown) => {
    throw internalError(
      `Get "https://${pod.spec.nodeName}/containerLogs/${namespace}/${name}/${container}": ${messageOf(error)}`,
    );
  });
  await throwRefusal(answer, name);
  const { upgrade } = exchange;
  if (upgrade && isWebSocketRequest(upgrade.request)) return relayMessages(exchange, upgrade, answer);
  answer.headers = { 'content-type': 'text/plain' };
  await relay(exchange, answer);
}

/** Turns a kubelet's refusal into a Status (`pkg/registry/generic/rest/response_checker.go`). */
async function throwRefusal(answer: IncomingMessage, name: string): Promise<void> {
  const code = answer.statusCode ?? 502;
  if (code >= 200 && code <= 206) return;
  let text = '';
  for await (const chunk of answer) text += String(chunk);
  if (code === 400) throw badRequest(text.trimEnd());
  if (code === 500) throw internalError(text.trimEnd());
  const details = { name, kind: 'pods/log' };
  if (code === 404) {
    const message = `the server could not find the requested resource ( pods/log ${name})`;
    throw generic({ code, reason: 'NotFound', message, details });
  }
  throw generic({ code, reason: 'InternalError', message: text.trimEnd() || `the kubelet answered ${code}`, details });
}

/** `pods/exec` and `pods/attach`: the connection itself goes to the kubelet. */
export async function serveRemoteCommand(exchange: Exchange, pod: PodLike, kubelet: FindKubelet): Promise<void> {
  const { namespace, name = '' } = pod.metadata;
  const { query, info } = exchange;
  const container = containerOf(pod, query.get('container') ?? '');
  const node = hostOf(pod);
  mustUpgrade(exchange);
  const params = new URLSearchParams();
  // The kubelet's names for the streams are its own (`pkg/apis/core/types.go`, ExecStdinParam and so on).
  const streams = { stdin: 'input', stdout: 'output', stderr: 'error', tty: 'tty' };
  for (const [asked, told] of Object.entries(streams)) if (isTrue(query.get(asked))) params.set(told, '1');
  if (info.subresource === 'exec') for (const word of query.getAll('command')) params.append('command', word);
  const path = `/${info.subresource}/${namespace}/${name}/${container}?${params.toString()}`;
  await forwardUpgrade(exchange, await kubelet(node), path);
}

/** `pods/portforward`. */
export async function servePortForward(exchange: Exchange, pod: PodLike, kubelet: FindKubelet): Promise<void> {
  const { namespace, name } = pod.metadata;
  const node = hostOf(pod);
  mustUpgrade(exchange);
  const ports = exchange.query.getAll('ports');
  const params = ports.length > 0 ? `?port=${encodeURIComponent(ports.join(','))}` : '';
  await forwardUpgrade(exchange, await kubelet(node), `/portForward/${namespace}/${name}${params}`);
}

function mustUpgrade({ upgrade }: Exchange): void {
  if (!upgrade) throw badRequest('Upgrade request required');
}
