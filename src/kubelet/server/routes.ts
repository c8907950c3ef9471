import type { IncomingMessage, ServerResponse } from 'node:http';
import { once } from 'node:events';
import { access } from 'node:fs/promises';
import type { Clock } from '#base';
import type { RuntimeService } from '#cri';
import { readLogs } from '../logs/read-logs.ts';
import type { PodWorker } from '../pods/pod-worker.ts';
import type { PodWorkers } from '../pods/pod-workers.ts';
import { unlessGone } from '../runtime/read-pod-status.ts';
import { latestContainer } from '../runtime/pod-runtime-status.ts';
import type { StatusManager } from '../status/status-manager.ts';
import { logContainerId, logOptions } from './container-logs.ts';
import { HttpError } from './http-error.ts';
import { resourceMetrics, statsSummary } from './stats.ts';

/** What the kubelet's API answers from. */
export interface RouteContext {
  readonly workers: PodWorkers;
  readonly status: StatusManager;
  readonly runtime: RuntimeService;
  readonly clock: Clock;
  readonly nodeName: string;
  /** What `/configz` shows. */
  readonly configuration: Record<string, unknown>;
}

type Handler = (
  context: RouteContext,
  response: ServerResponse,
  url: URL,
  match: readonly string[],
  request: IncomingMessage,
) => Promise<void>;

interface Route {
  readonly pattern: RegExp;
  readonly handle: Handler;
}

/** Everything that is answered without an upgrade, in the order in which it is tried. */
const routes: readonly Route[] = [
  { pattern: /^\/healthz(?:\/(?:ping|log|syncloop))?$/, handle: (_context, response) => text(response, 'ok') },
  { pattern: /^\/(?:pods|runningpods)\/?$/, handle: (context, response) => json(response, podList(context)) },
  { pattern: /^\/configz$/, handle: ({ configuration }, response) => json(response, { kubeletconfig: configuration }) },
  { pattern: /^\/containerLogs\/([^/]+)\/([^/]+)\/([^/]+)$/, handle: containerLogs },
  { pattern: /^\/run\/([^/]+)\/([^/]+)(?:\/([^/]+))?\/([^/]+)$/, handle: run },
  {
    pattern: /^\/(?:exec|attach|portForward)\//,
    handle: () => Promise.reject(new HttpError(400, 'Upgrade request required')),
  },
  { pattern: /^\/stats\/summary$/, handle: summary },
  {
    pattern: /^\/metrics\/resource$/,
    handle: async (context, response) => text(response, resourceMetrics(await allStats(context))),
  },
  {
    pattern: /^\/metrics(?:\/cadvisor|\/probes)?$/,
    handle: (context, response, url) => text(response, metrics(context, url.pathname)),
  },
];

/** Answers a request, or throws an HttpError. */
export async function answer(context: RouteContext, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'https://kubelet');
  for (const { pattern, handle } of routes) {
    const match = pattern.exec(url.pathname);
    if (match)
      return handle(
        context,
        response,
        url,
        match.slice(1).map((part) => decodeURIComponent(part ?? '')),
        request,
      );
  }
  throw new HttpError(404, '404 page not found');
}

function text(response: ServerResponse, body: string): Promise<void> {
  response.setHeader('content-type', 'text/plain; charset=utf-8');
  response.end(body);
  return Promise.resolve();
}

function json(response: ServerResponse, body: unknown): Promise<void> {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(body));
  return Promise.resolve();
}

function podList({ workers, status }: RouteContext): unknown {
  const items = workers.all().map(({ pod, uid }) => ({ ...pod, status: status.statusOf(uid) ?? pod.status }));
  return { kind: 'PodList', apiVersion: 'v1', metadata: {}, items };
}

/** The worker of a pod. Throws HttpError 404. */
export function workerOf({ workers }: RouteContext, namespace: string, name: string): PodWorker {
  const worker = workers.byName(namespace, name);
  if (!worker) throw new HttpError(404, `pod ${JSON.stringify(name)} not found`);
  return worker;
}

async function containerLogs(
  context: RouteContext,
  response: ServerResponse,
  url: URL,
  [namespace = '', name = '', container = '']: readonly string[],
): Promise<void> {
  const worker = workerOf(context, namespace, name);
  const options = logOptions(url.searchParams, context.clock.now());
  const status = context.status.statusOf(worker.uid) ?? worker.pod.status;
  const id = logContainerId(worker.pod, status, container, options.previous);
  const bareId = id.replace(/^[^:]*:\/\//, '');
  const path = await logPathOf(context, bareId);
  response.setHeader('content-type', 'text/plain');
  if (path === undefined) return void response.end(`unable to retrieve container logs for ${id}`);
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  response.flushHeaders();
  for await (const chunk of readLogs({ path, ended: worker.endOf(bareId), signal: gone.signal }, options)) {
    if (!response.write(chunk) && !gone.signal.aborted) await once(response, 'drain', { signal: gone.signal });
  }
  response.end();
}

/**
 * Where the log lies; nothing when the runtime has forgotten the container (upstream: `GetContainerLogs` of kuberuntime).
 * @throws HttpError 400 when there is no log, as of a container that could not be started
 */
async function logPathOf({ runtime }: RouteContext, containerId: string): Promise<string | undefined> {
  const path = (await unlessGone(runtime.containerStatus({ containerId, verbose: false })))?.status?.logPath;
  if (path === undefined) return undefined;
  if (!(await exists(path))) throw new HttpError(400, `${noLog(path)}: lstat ${path}: no such file or directory`);
  return path;
}

function noLog(path: string): string {
  return `failed to try resolving symlinks in path ${JSON.stringify(path)}`;
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function run(context: RouteContext, response: ServerResponse, url: URL, parts: readonly string[]): Promise<void> {
  const [namespace = '', name = '', , container = ''] = parts;
  const command = url.searchParams.getAll('cmd').join(' ').split(' ').filter(Boolean);
  const containerId = runningContainerId(workerOf(context, namespace, name), container);
  const result = await context.runtime.execSync({ containerId, cmd: command, timeout: 0 });
  return text(response, Buffer.concat([result.stdout, result.stderr]).toString());
}

/** The runtime's ID of a container that runs. Throws HttpError 404. */
export function runningContainerId(worker: PodWorker, name: string): string {
  const found = latestContainer(worker.runtimeStatus, name);
  if (found?.state === 'running') return found.id;
  throw new HttpError(404, `container not found (${JSON.stringify(name)})`);
}

async function allStats({ runtime }: RouteContext): ReturnType<typeof statsOf> {
  return statsOf(runtime);
}

async function statsOf(
  runtime: RuntimeService,
): Promise<Awaited<ReturnType<RuntimeService['listContainerStats']>>['stats']> {
  return (await runtime.listContainerStats({})).stats;
}

async function summary(context: RouteContext, response: ServerResponse): Promise<void> {
  const { runtime, nodeName, clock } = context;
  const [containers, sandboxes] = await Promise.all([
    statsOf(runtime),
    // Not every runtime measures sandboxes; network figures are then missing.
    runtime.listPodSandboxStats({}).then(
      ({ stats }) => stats,
      () => [],
    ),
  ]);
  return json(response, statsSummary({ nodeName, containers, sandboxes, nowMs: clock.now() }));
}

function metrics({ workers, nodeName }: RouteContext, path: string): string {
  if (path !== '/metrics') return '';
  const all = workers.all();
  const running = all
    .flatMap(({ runtimeStatus }) => runtimeStatus.containers)
    .filter(({ state }) => state === 'running').length;
  return [
    "# HELP kubelet_node_name [ALPHA] The node's name. The count is always 1.",
    '# TYPE kubelet_node_name gauge',
    `kubelet_node_name{node="${nodeName}"} 1`,
    '# HELP kubelet_running_pods [ALPHA] Number of pods that have a running pod sandbox',
    '# TYPE kubelet_running_pods gauge',
    `kubelet_running_pods ${all.filter(({ runtimeStatus }) => runtimeStatus.sandboxes.some(({ ready }) => ready)).length}`,
    '# HELP kubelet_running_containers [ALPHA] Number of containers currently running',
    '# TYPE kubelet_running_containers gauge',
    `kubelet_running_containers{container_state="running"} ${running}`,
    '',
  ].join('\n');
}
