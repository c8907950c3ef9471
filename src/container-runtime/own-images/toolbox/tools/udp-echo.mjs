import { createSocket } from 'node:dgram';

/** udp-echo PORT: sends back each packet. */
export async function run([port]) {
  if (!port) throw new Error('usage: udp-echo PORT');
  const socket = createSocket({ type: 'udp6' }); // IPv4 too
  socket.on('message', (message, { address, port }) => socket.send(message, port, address));
  await new Promise((resolve, reject) => socket.once('error', reject).bind(Number(port), resolve));
  console.log(`udp-echo on port ${socket.address().port}`);
  for (const signal of ['SIGTERM', 'SIGINT']) process.removeAllListeners(signal).once(signal, () => process.exit(0));
}
