import type { IncomingMessage, ServerResponse } from 'node:http';
import { encodeHeaders } from '../http2/hpack-encoder.ts';
import type { ServerStream } from '../http2/server-stream.ts';

/** An answer over plain HTTP. */
export interface HttpAnswer {
  status: number;
  contentType: string;
  body: string;
}

/** Answers what comes to a gRPC server's port and is not gRPC. */
export type HttpHandler = (request: { method: string; path: string; query: URLSearchParams }) => Promise<HttpAnswer>;

const failed: HttpAnswer = { status: 500, contentType: 'text/plain', body: 'internal error\n' };

/** Answers a request of HTTP/1. */
export async function answerHttp1(
  handler: HttpHandler,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  request.resume();
  const { status, contentType, body } = await answerTo(handler, request.method, request.url);
  response.writeHead(status, { 'content-type': contentType, 'content-length': Buffer.byteLength(body) });
  response.end(request.method === 'HEAD' ? undefined : body);
}

/** Answers a request of HTTP/2, whose body, if there is one, is of no use. */
export async function answerHttp2(handler: HttpHandler, stream: ServerStream): Promise<void> {
  stream.listener = { data: (bytes) => stream.consumed(bytes.length), end: () => {}, close: () => {} };
  const method = stream.headers.get(':method');
  const { status, contentType, body } = await answerTo(handler, method, stream.headers.get(':path'));
  const hasBody = method !== 'HEAD';
  stream.respond(encodeHeaders([':status', String(status), 'content-type', contentType]), !hasBody);
  if (!hasBody) return;
  stream.write(Buffer.from(body));
  stream.end();
}

async function answerTo(handler: HttpHandler, method = 'GET', url = '/'): Promise<HttpAnswer> {
  const [path = '/', query] = url.split('?', 2);
  return handler({ method, path, query: new URLSearchParams(query) }).catch(() => failed);
}
