import { ChannelSocket } from './channel-socket.ts';
import { whenEnded } from './ended.ts';
import type { ForwardedPort } from './port-forward.ts';
import { refused, type Upgrade } from './upgrade.ts';
import { acceptWebSocket } from './websocket-upgrade.ts';

const protocols = ['v4.channel.k8s.io', 'v4.base64.channel.k8s.io'];
/** Channel numbers are bytes, and the base64 protocols have ten digits; this is for people who forward a few. */
const maxPorts = 100;

/**
 * The WebSocket form that browsers and old libraries speak: the request names the ports, each has two channels, data
 * and error, and one connection. The server opens each channel with the port's number, little-endian.
 */
export function forwardOverChannels(
  upgrade: Upgrade,
  named: readonly number[] | undefined,
): AsyncIterable<ForwardedPort> {
  const ports = named ?? portsOfQuery(upgrade);
  if (ports.length === 0) throw refused(upgrade.socket, 400, 'query parameter "port" is required');
  if (ports.length > maxPorts) throw refused(upgrade.socket, 400, 'too many ports');
  const { socket, protocol } = acceptWebSocket(upgrade, { protocols, fallback: 'v4.channel.k8s.io' });
  const channels = new ChannelSocket(socket, protocol);
  return serve(
    channels,
    ports.map((port, index) => openPort(channels, port, index)),
  );
}

function openPort(channels: ChannelSocket, port: number, index: number): ForwardedPort {
  const [data, error] = [channels.open(index * 2), channels.open(index * 2 + 1)];
  const number = Buffer.from([port & 0xff, port >> 8]);
  data.write(number);
  error.write(number);
  error.resume();
  return { port, data, error };
}

async function* serve(channels: ChannelSocket, forwards: ForwardedPort[]): AsyncGenerator<ForwardedPort, void> {
  const over = Promise.all(forwards.flatMap(({ data, error }) => [whenEnded(data), whenEnded(error)]));
  try {
    yield* forwards;
    await Promise.race([over, channels.closed]);
  } finally {
    channels.close();
  }
}

function portsOfQuery({ req, socket }: Upgrade): number[] {
  const query = new URL(req.url ?? '/', 'http://localhost').searchParams;
  const texts = [...query.getAll('port'), ...query.getAll('ports')].flatMap((list) => list.split(','));
  return texts.map((text) => {
    const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
    if (port < 1 || port > 65535) throw refused(socket, 400, `unable to parse "${text}" as a port`);
    return port;
  });
}
