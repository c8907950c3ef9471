import { createServer } from 'node:net';

/** tcp-echo PORT: sends back what comes. */
export async function run([port]) {
  if (!port) throw new Error('usage: tcp-echo PORT');
  const server = createServer((socket) => {
    socket.on('error', () => {}); // a client that goes is no failure of ours
    socket.pipe(socket);
  });
  server.listen(Number(port));
  await new Promise((resolve, reject) => server.once('listening', resolve).once('error', reject));
  console.log(`tcp-echo on port ${server.address().port}`);
  for (const signal of ['SIGTERM', 'SIGINT']) process.removeAllListeners(signal).once(signal, () => process.exit(0));
}
