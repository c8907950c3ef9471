import type { Duplex, Readable } from 'node:stream';
import { dialSpdy, type DialTarget } from './dial.ts';

/** The client's end of a port-forward. */
export interface PortForward {
  /** Opens one connection to a port of the pod. A message on `error` says why there is none. */
  open(port: number): { data: Duplex; error: Readable };
  close(): void;
  closed: Promise<void>;
}

/** Asks for a port-forward over SPDY. Throws an `UpgradeError` when refused. */
export async function dialPortForward(target: DialTarget): Promise<PortForward> {
  const { connection } = await dialSpdy(target, ['portforward.k8s.io']);
  let requests = 0;
  return {
    open: (port) => {
      const headers = { port: String(port), requestid: String(requests++) };
      const error = connection.createStream({ ...headers, streamtype: 'error' });
      error.end();
      return { data: connection.createStream({ ...headers, streamtype: 'data' }), error };
    },
    close: () => connection.close(),
    closed: connection.closed,
  };
}
