import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { Logger } from '#base';

/** Answers one message; undefined stays silent. */
export type Answerer = (message: Uint8Array, limitBytes: number) => Promise<Uint8Array | undefined>;

export interface ListenAddress {
  address: string;
  port: number;
}

/** RFC 1035, 4.2.1: what a UDP message may have unless EDNS0 allows more. */
const udpLimitBytes = 512;
const tcpLimitBytes = 65535;
/** An idle TCP client is let go after this. */
const tcpIdleMs = 10_000;

/** Opens UDP and TCP on an address; returns what closes both. */
export async function listen(at: ListenAddress, answer: Answerer, log: Logger): Promise<() => Promise<void>> {
  const udp = await listenUdp(at, answer, log);
  try {
    const tcp = await listenTcp(at, answer, log);
    return async () => {
      udp.close();
      await tcp();
    };
  } catch (error) {
    udp.close();
    throw error;
  }
}

async function listenUdp({ address, port }: ListenAddress, answer: Answerer, log: Logger): Promise<UdpSocket> {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  socket.on('message', (message, from) => {
    answer(message, udpLimitBytes)
      .then((reply) => reply && socket.send(reply, from.port, from.address))
      .catch((error: unknown) => log.warn({ error, from: from.address }, 'a DNS query could not be answered'));
  });
  socket.bind(port, address);
  await once(socket, 'listening');
  socket.on('error', (error) => log.warn({ error }, 'the DNS socket failed'));
  return socket;
}

async function listenTcp(
  { address, port }: ListenAddress,
  answer: Answerer,
  log: Logger,
): Promise<() => Promise<void>> {
  const clients = new Set<Socket>();
  const server: Server = createServer((client) => {
    clients.add(client);
    client.on('close', () => clients.delete(client));
    serveTcp(client, answer, log);
  });
  server.listen(port, address);
  await once(server, 'listening');
  return async () => {
    for (const client of clients) client.destroy();
    const closed = once(server, 'close');
    server.close();
    await closed;
  };
}

/** Over TCP each message stands behind its length in two bytes (RFC 1035, 4.2.2). */
function serveTcp(client: Socket, answer: Answerer, log: Logger): void {
  let gathered = Buffer.alloc(0);
  client.setTimeout(tcpIdleMs, () => client.destroy());
  client.on('error', () => client.destroy());
  client.on('data', (chunk: Buffer) => {
    gathered = Buffer.concat([gathered, chunk]);
    while (gathered.length >= 2 && gathered.length >= 2 + gathered.readUInt16BE()) {
      const end = 2 + gathered.readUInt16BE();
      const message = gathered.subarray(2, end);
      gathered = gathered.subarray(end);
      answer(message, tcpLimitBytes)
        .then((reply) => reply && client.write(frame(reply)))
        .catch((error: unknown) => log.warn({ error }, 'a DNS query could not be answered'));
    }
  });
}

/** A DNS message as TCP carries it. */
export function frame(message: Uint8Array): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}
