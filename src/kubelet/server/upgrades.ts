import { podIpsOf } from '../runtime/pod-runtime-status.ts';
import { HttpError } from './http-error.ts';
import { runningContainerId, workerOf, type RouteContext } from './routes.ts';

/**
 * The URL of the runtime's streaming server for an exec, attach or port-forward request.
 * @throws HttpError when there is no such pod or container, or nothing to stream
 */
export async function streamUrl(context: RouteContext, url: URL): Promise<string> {
  const [, verb = '', namespace = '', name = '', ...rest] = url.pathname.split('/').map(decodeURIComponent);
  if (verb !== 'exec' && verb !== 'attach' && verb !== 'portForward') throw new HttpError(404, '404 page not found');
  const worker = workerOf(context, namespace, name);
  if (verb === 'portForward') {
    const sandbox = worker.runtimeStatus.sandboxes.find(({ ready }) => ready);
    if (!sandbox)
      throw new HttpError(
        404,
        `pod not found (${JSON.stringify(name)}): no sandbox for ${podIpsOf(worker.runtimeStatus)[0] ?? 'it'}`,
      );
    const port = url.searchParams.getAll('port').map(Number);
    return (await context.runtime.portForward({ podSandboxId: sandbox.id, port })).url;
  }
  const containerId = runningContainerId(worker, rest.at(-1) ?? '');
  const streams = streamsOf(url.searchParams);
  if (verb === 'attach') return (await context.runtime.attach({ containerId, ...streams })).url;
  return (await context.runtime.exec({ containerId, cmd: url.searchParams.getAll('command'), ...streams })).url;
}

/** `input`, `output` and `error` are the kubelet's names; the API server's are understood too. */
function streamsOf(query: URLSearchParams): { stdin: boolean; stdout: boolean; stderr: boolean; tty: boolean } {
  const on = (...names: string[]): boolean => names.some((name) => ['1', 'true'].includes(query.get(name) ?? ''));
  const tty = on('tty');
  const streams = {
    stdin: on('input', 'stdin'),
    stdout: on('output', 'stdout'),
    stderr: on('error', 'stderr') && !tty,
    tty,
  };
  if (!streams.stdin && !streams.stdout && !streams.stderr) {
    throw new HttpError(400, 'you must specify at least 1 of stdin, stdout, stderr');
  }
  return streams;
}
