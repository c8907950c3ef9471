import { connect } from 'node:net';

/** tcp HOST PORT [TEXT...]: connects, sends the text, prints what comes; with -z only connects. */
export async function run(args) {
  const onlyConnect = args[0] === '-z';
  const [host, port, ...words] = onlyConnect ? args.slice(1) : args;
  if (!port) throw new Error('usage: tcp [-z] HOST PORT [TEXT]');
  const socket = connect({ host, port: Number(port) });
  const timer = setTimeout(() => socket.destroy(new Error('timed out')), 5000);
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  clearTimeout(timer);
  if (onlyConnect) return void socket.destroy();
  socket.end(words.length > 0 ? `${words.join(' ')}\n` : '');
  for await (const chunk of socket) process.stdout.write(chunk);
}
