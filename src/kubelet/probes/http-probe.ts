import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import { hasCode } from '#base';
import type { ProbeOutcome } from './probe-state.ts';

export interface ProbeReport {
  readonly outcome: ProbeOutcome;
  /** What is told after "Liveness probe failed: ". */
  readonly output: string;
}

export interface HttpTarget {
  readonly scheme: 'http' | 'https';
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly headers: readonly { name: string; value: string }[];
}

const maxBodyBytes = 10 * 1024;
const maxRedirects = 10;

/** The target as a URL, as it stands in messages. */
export function urlOf({ scheme, host, port, path }: HttpTarget): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return `${scheme}://${name}:${port}${path.startsWith('/') ? '' : '/'}${path}`;
}

/** GETs the target; 200 to 399 is success. Redirects to another host end the probe with a warning. */
export async function httpProbe(target: HttpTarget, timeoutMs: number): Promise<ProbeReport> {
  const signal = AbortSignal.timeout(timeoutMs);
  const first = urlOf(target);
  let url = first;
  try {
    for (let hop = 0; hop <= maxRedirects; hop++) {
      const { status, location, body } = await get(url, target.headers, signal);
      const next = location === undefined ? undefined : new URL(location, url);
      if (status >= 300 && status < 400 && next) {
        if (next.hostname !== new URL(first).hostname) {
          return { outcome: 'warning', output: `Probe terminated redirects, Response body: ${body}` };
        }
        url = next.toString();
        continue;
      }
      if (status >= 200 && status < 400) return { outcome: 'success', output: body };
      return { outcome: 'failure', output: `HTTP probe failed with statuscode: ${status}` };
    }
    return { outcome: 'failure', output: `Get "${url}": stopped after ${maxRedirects} redirects` };
  } catch (error) {
    return { outcome: 'failure', output: `Get "${url}": ${dialError(error, target, signal.aborted)}` };
  }
}

interface Answer {
  status: number;
  location: string | undefined;
  body: string;
}

function get(url: string, extra: HttpTarget['headers'], signal: AbortSignal): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const headers: Record<string, string | string[]> = {
    'user-agent': 'kube-probe/1.36',
    accept: '*/*',
    connection: 'close',
  };
  for (const { name, value } of extra) headers[name.toLowerCase()] = value;
  // A probe asks whether the container answers, not who it is: certificates are not verified.
  const options = { method: 'GET', headers, signal, agent: false, rejectUnauthorized: false, setHost: true } as const;
  const request = url.startsWith('https:') ? httpsRequest(url, options) : httpRequest(url, options);
  request.on('response', (response: IncomingMessage) => {
    readBody(response).then(
      (body) => resolve({ status: response.statusCode ?? 0, location: locationOf(response.headers), body }),
      reject,
    );
  });
  request.on('error', reject);
  request.end();
  return promise;
}

function locationOf(headers: IncomingHttpHeaders): string | undefined {
  return headers.location;
}

async function readBody(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= maxBodyBytes) break; // leaving the loop destroys the response
  }
  return Buffer.concat(chunks).subarray(0, maxBodyBytes).toString();
}

/** Connects and closes. */
export async function tcpProbe(host: string, port: number, timeoutMs: number): Promise<ProbeReport> {
  const { promise, resolve } = Promise.withResolvers<ProbeReport>();
  const socket = connect({ host, port });
  const end = (report: ProbeReport): void => {
    socket.destroy();
    resolve(report);
  };
  socket.setTimeout(timeoutMs, () => {
    end({ outcome: 'failure', output: `dial tcp ${joinHostPort(host, port)}: i/o timeout` });
  });
  socket.on('connect', () => end({ outcome: 'success', output: '' }));
  socket.on('error', (error) => end({ outcome: 'failure', output: dialError(error, { host, port }, false) }));
  return promise;
}

/** An error of the network in the words of Go's `net`, which people search for. */
function dialError(error: unknown, { host, port }: { host: string; port: number }, timedOut: boolean): string {
  if (timedOut) return 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)';
  const dial = `dial tcp ${joinHostPort(host, port)}: connect`;
  if (hasCode(error, 'ECONNREFUSED')) return `${dial}: connection refused`;
  if (hasCode(error, 'EHOSTUNREACH')) return `${dial}: no route to host`;
  if (hasCode(error, 'ENETUNREACH')) return `${dial}: network is unreachable`;
  if (hasCode(error, 'ECONNRESET', 'EPIPE')) return 'EOF';
  return error instanceof Error ? error.message : String(error);
}

function joinHostPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
