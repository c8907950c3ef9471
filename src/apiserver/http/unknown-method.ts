import { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

const requestLine = /^([!#$%&'*+.^_`|~\w-]+) (\S+) HTTP\/1\.[01]$/;
const headerLine = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*(.*?)[ \t]*$/;

/**
 * Node's parser refuses methods that it does not know; to upstream every word is a method, and one that no path has is
 * refused by who answers the path, when it is known who asks. Returns what the bytes ask for, without a body (nobody reads
 * one), or undefined where they are no request.
 */
export function requestOfUnknownMethod(bytes: Buffer, socket: Socket): IncomingMessage | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  const [first = '', ...lines] = bytes.toString('latin1', 0, Math.max(end, 0)).split('\r\n');
  const [, method, url] = requestLine.exec(first) ?? [];
  if (method === undefined || url === undefined) return undefined;
  const request = new IncomingMessage(socket);
  Object.assign(request, { method, url, httpVersion: '1.1', httpVersionMajor: 1, httpVersionMinor: 1 });
  for (const line of lines) {
    const [, name, value] = headerLine.exec(line) ?? [];
    if (name === undefined) return undefined;
    request.headers[name.toLowerCase()] = value;
  }
  request.push(null);
  return request;
}

/** What Go's server answers to what is no request (`net/http/server.go`, `serve`). */
export function badRequestText(code: string | undefined): string {
  const text = code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : '400 Bad Request';
  return `HTTP/1.1 ${text}\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n${text}`;
}
