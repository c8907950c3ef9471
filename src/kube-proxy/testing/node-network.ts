import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { execute, runProcess } from '#base';

/**
 * A node in miniature, in network namespaces that lead nowhere: pods `a` (10.244.0.2) and `b` (10.244.0.3) behind a
 * bridge of the node, each a /32 that reaches everything by way of the node, as the container runtime sets them up; and
 * a client (192.0.2.2) before its door (192.0.2.1). Each pod answers on TCP 8080 and UDP 8053 with its name and whom it
 * sees calling.
 */
export class NodeNetwork implements AsyncDisposable {
  readonly #prefix = `kp${randomBytes(3).toString('hex')}`;
  readonly #children = new Set<ChildProcess>();

  /** Why it cannot be had on this machine. */
  static async unavailable(): Promise<string | undefined> {
    if (process.getuid?.() !== 0) return 'needs root';
    for (const tool of ['nft', 'ip', 'nsenter']) if (!NodeNetwork.has(tool)) return `needs ${tool}`;
    const probe = await runProcess(['unshare', '--net', 'nft', 'add', 'table', 'ip', 'probe']);
    return probe.code === 0 ? undefined : `nft does not work here: ${probe.stderr.trim()}`;
  }

  static has(tool: string): boolean {
    return ['/usr/sbin', '/usr/bin', '/sbin', '/bin'].some((folder) => existsSync(`${folder}/${tool}`));
  }

  static async create(): Promise<NodeNetwork> {
    const network = new NodeNetwork();
    try {
      await network.#setUp();
    } catch (error) {
      await network[Symbol.asyncDispose]();
      throw error;
    }
    return network;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#children) child.kill('SIGKILL');
    await Promise.all([...this.#children].map(exited));
    for (const name of ['client', 'a', 'b', 'node']) await runProcess(['ip', 'netns', 'delete', this.#name(name)]);
  }

  /** Runs a program in one of the namespaces. */
  run(where: string, command: readonly string[], input?: string): Promise<string> {
    return execute(
      ['nsenter', `--net=/run/netns/${this.#name(where)}`, ...command],
      input === undefined ? {} : { input },
    );
  }

  /** Applies nft commands on the node, as one transaction. */
  async apply(commands: readonly string[]): Promise<void> {
    await this.run('node', ['nft', '-f', '-'], `${commands.join('\n')}\n`);
  }

  conntrack(args: readonly string[]): Promise<string> {
    return this.run('node', ['conntrack', ...args]);
  }

  /** Calls an address so many times, one after the other: what was answered (`a 10.244.0.3`), or the code of the error. */
  async call(where: string, address: string, { times = 1 } = {}): Promise<string[]> {
    const [host = '', port = ''] = address.split(':');
    const output = await this.run(where, [process.execPath, '-e', caller, host, port, String(times)]);
    return output.trim().split('\n');
  }

  /** A UDP socket that stays: each call sends one datagram and returns the answer, or `no answer`. */
  udpClient(where: string, address: string): () => Promise<string> {
    const [host = '', port = ''] = address.split(':');
    const child = this.#spawn(where, ['-e', datagrams, host, port]);
    const answers = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
    return async () => {
      child.stdin?.write('\n');
      const { value } = await answers.next();
      return String(value);
    };
  }

  async #setUp(): Promise<void> {
    for (const name of ['node', 'client', 'a', 'b']) await execute(['ip', 'netns', 'add', this.#name(name)]);
    await this.#ip(
      'node',
      'link set lo up',
      'link add cni0 type bridge',
      'address add 10.244.0.1/24 dev cni0',
      'link set cni0 up',
    );
    await this.#sysctl('net/ipv4/ip_forward', '1');
    // The agent sets it so: a translated packet must not take the short way over the bridge.
    if (existsSync('/proc/sys/net/bridge')) await this.#sysctl('net/bridge/bridge-nf-call-iptables', '0');
    await this.#ip(
      'node',
      `link add eth0 type veth peer name eth0 netns ${this.#name('client')}`,
      'address add 192.0.2.1/24 dev eth0',
      'link set eth0 up',
      // Leads nowhere, and not back to the client: the node would tell it to go there directly before it refuses.
      'link add void type bridge',
      'link set void up',
      'route add default dev void',
    );
    await this.#ip(
      'client',
      'address add 192.0.2.2/24 dev eth0',
      'link set eth0 up',
      'route add default via 192.0.2.1',
    );
    await this.#addPod('a', '10.244.0.2');
    await this.#addPod('b', '10.244.0.3');
  }

  async #addPod(name: string, address: string): Promise<void> {
    await this.#ip(
      'node',
      `link add pod-${name} type veth peer name eth0 netns ${this.#name(name)}`,
      `link set pod-${name} master cni0 up`,
    );
    await this.#ip(
      name,
      'link set lo up',
      `address add ${address}/32 dev eth0`,
      'link set eth0 up',
      'route add 10.244.0.1 dev eth0 scope link',
      'route add default via 10.244.0.1 dev eth0',
    );
    const server = this.#spawn(name, ['-e', serving, name]);
    await once(server.stdout!, 'data');
  }

  async #sysctl(name: string, value: string): Promise<void> {
    await this.run('node', ['sh', '-c', `echo ${value} > /proc/sys/${name}`]);
  }

  async #ip(where: string, ...commands: string[]): Promise<void> {
    await this.run(where, ['ip', '-batch', '-'], `${commands.join('\n')}\n`);
  }

  #spawn(where: string, args: string[]): ChildProcess {
    const command = [`--net=/run/netns/${this.#name(where)}`, process.execPath, ...args];
    const child = spawn('nsenter', command, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#children.add(child);
    return child;
  }

  #name(where: string): string {
    return `${this.#prefix}-${where}`;
  }
}

async function exited(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

const serving = `
const name = process.argv[1];
const udp = require('node:dgram').createSocket('udp4');
udp.on('message', (_message, from) => udp.send(name + ' ' + from.address, from.port, from.address));
udp.bind(8053, () => {
  const tcp = require('node:net').createServer((socket) => {
    socket.on('error', () => {});
    socket.end(name + ' ' + socket.remoteAddress.replace('::ffff:', ''));
  });
  tcp.listen(8080, () => console.log('ready'));
});`;

const caller = `
const [host, port, times] = process.argv.slice(1);
const call = () => new Promise((resolve) => {
  let text = '';
  const socket = require('node:net').connect({ host, port: Number(port), timeout: 1000 });
  socket.on('data', (chunk) => (text += chunk));
  socket.on('end', () => resolve(text));
  socket.on('error', (error) => resolve(error.code));
  socket.on('timeout', () => { resolve('no answer'); socket.destroy(); });
});
(async () => { for (let at = 0; at < Number(times); at++) console.log(await call()); })();`;

const datagrams = `
const [host, port] = process.argv.slice(1);
const socket = require('node:dgram').createSocket('udp4');
let timer;
const say = (text) => { clearTimeout(timer); console.log(text); };
socket.on('message', (message) => say(message.toString()));
socket.on('error', (error) => say(error.code));
process.stdin.on('data', () => { timer = setTimeout(say, 1000, 'no answer'); socket.send('x', Number(port), host); });`;
