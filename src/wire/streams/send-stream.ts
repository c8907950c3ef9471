import { Writable, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { WebSocket } from 'ws';
import type { Upgrade } from './upgrade.ts';
import { acceptWebSocket } from './websocket-upgrade.ts';

const protocols = ['binary.k8s.io', 'base64.binary.k8s.io'];

/**
 * Accepts an Upgrade to a WebSocket and sends a stream over it, a message for each chunk; the first message is empty and
 * says that the stream is there (apimachinery `pkg/util/httpstream/wsstream/stream.go`). Resolves when the stream is over or
 * the peer has gone. Throws an `UpgradeError` after having told the peer.
 */
export async function sendStream(upgrade: Upgrade, source: Readable): Promise<void> {
  try {
    const { socket, protocol } = acceptWebSocket(upgrade, { protocols, fallback: 'binary.k8s.io' });
    await send(socket, source, protocol.startsWith('base64'));
  } finally {
    source.destroy();
  }
}

async function send(socket: WebSocket, source: Readable, isBase64: boolean): Promise<void> {
  const closed = Promise.withResolvers<void>();
  socket.on('error', () => socket.terminate());
  socket.once('close', () => {
    source.destroy();
    closed.resolve();
  });
  const write = (chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void =>
    socket.send(isBase64 ? chunk.toString('base64') : chunk, { binary: !isBase64 }, done);
  write(Buffer.alloc(0), '', () => {}); // who fails to be told is found gone below
  try {
    await pipeline(source, new Writable({ write }));
    socket.close(1000);
  } catch {
    socket.terminate(); // the peer has gone, or the source broke off: either way there is nobody to tell
  }
  await closed.promise;
}
