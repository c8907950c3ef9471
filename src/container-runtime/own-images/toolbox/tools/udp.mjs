import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';

/** udp HOST PORT [TEXT...]: sends one packet and prints the one that comes back; fails when none comes in 5 s. */
export async function run([host, port, ...words]) {
  if (!port) throw new Error('usage: udp HOST PORT [TEXT]');
  const { address, family } = await lookup(host);
  const socket = createSocket(family === 6 ? 'udp6' : 'udp4');
  const answer = new Promise((resolve, reject) => {
    socket.once('message', resolve).once('error', reject);
    setTimeout(() => reject(new Error(`${host}:${port}: no answer`)), 5000).unref();
  });
  socket.send(words.join(' '), Number(port), address);
  try {
    console.log(String(await answer));
  } finally {
    socket.close();
  }
}
