import { once } from 'node:events';
import * as net from 'node:net';

/** Two ends of a TCP connection over the loopback. */
export async function tcpPair(): Promise<[net.Socket, net.Socket]> {
  const listener = net.createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as net.AddressInfo;
  const accepted = once(listener, 'connection') as Promise<[net.Socket]>;
  const left = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  const [right] = await accepted;
  listener.close();
  return [left, right];
}
