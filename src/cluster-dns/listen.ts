import { createSocket } from 'node:dgram';
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
/** Room for a burst of queries; the kernel gives as much of it as it allows. */
const recvBufferSize = 1 << 20;
/** An idle TCP client is let go after this. */
const tcpIdleMs = 10_000;
/** More at a time are turned away. */
const maxTcpClients = 1000;

/** Opens UDP and TCP on an address; returns what closes both. Throws when either is taken, and then holds neither. */
export async function listen(at: ListenAddress, answer: Answerer, log: Logger): Promise<() => Promise<void>> {
  const closeUdp = await listenUdp(at, answer, log);
  try {
    const closeTcp = await listenTcp(at, answer, log);
    return async () => void (await Promise.all([closeUdp(), closeTcp()]));
  } catch (error) {
    await closeUdp();
    throw error;
  }
}

async function listenUdp(
  { address, port }: ListenAddress,
  answer: Answerer,
  log: Logger,
): Promise<() => Promise<void>> {
  const socket = createSocket({ type: address.includes(':') ? 'udp6' : 'udp4', recvBufferSize });
  let isOpen = true;
  const close = async (): Promise<void> => {
    isOpen = false;
    const closed = once(socket, 'close');
    socket.close();
    await closed;
  };
  socket.on('message', (message, from) => {
    answer(message, udpLimitBytes)
      .then((reply) => reply && isOpen && socket.send(reply, from.port, from.address))
      .catch((error: unknown) => log.warn({ error, from: from.address }, 'a DNS query could not be answered'));
  });
  try {
    socket.bind(port, address);
    await once(socket, 'listening');
  } catch (error) {
    await close();
    throw error;
  }
  socket.on('error', (error) => log.warn({ error }, 'the DNS socket failed'));
  return close;
}

async function listenTcp(
  { address, port }: ListenAddress,
  answer: Answerer,
  log: Logger,
): Promise<() => Promise<void>> {
  const clients = new Set<Socket>();
  const server: Server = createServer({ allowHalfOpen: true }, (client) => {
    clients.add(client);
    client.on('close', () => clients.delete(client));
    serveTcp(client, answer, log);
  });
  server.maxConnections = maxTcpClients;
  server.listen(port, address);
  await once(server, 'listening');
  server.on('error', (error) => log.warn({ error }, 'the DNS socket failed'));
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
  let answering = Promise.resolve();
  const reply = async (message: Uint8Array): Promise<void> => {
    try {
      const bytes = await answer(message, tcpLimitBytes);
      if (bytes && client.writable) client.write(frame(bytes));
    } catch (error) {
      log.warn({ error }, 'a DNS query could not be answered');
    }
  };
  client.setTimeout(tcpIdleMs, () => client.destroy());
  client.on('error', () => client.destroy());
  // A client may close its side once it has asked: the answers still go out.
  client.on('end', () => void answering.then(() => client.end()));
  client.on('data', (chunk: Buffer) => {
    gathered = Buffer.concat([gathered, chunk]);
    while (gathered.length >= 2 && gathered.length >= 2 + gathered.readUInt16BE()) {
      const end = 2 + gathered.readUInt16BE();
      const replied = reply(gathered.subarray(2, end));
      answering = answering.then(() => replied);
      gathered = gathered.subarray(end);
    }
  });
}

/** A DNS message as TCP carries it. */
export function frame(message: Uint8Array): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}
