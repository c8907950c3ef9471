import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { messageOf } from '#base';
import {
  clusterNames,
  down,
  kubeconfigOf,
  listImages,
  loadImages,
  readLogs,
  removeImage,
  runAgent,
  runEtcd,
  runServer,
  runStandaloneServer,
  serverDefaults,
  status,
  up,
  version,
  type ClusterStatus,
  type EtcdRequest,
  type ServerRequest,
} from '#cluster';
import { addEtcdTools } from './etcd-tools.ts';
import { table, terminalReport } from './output.ts';
import { terminationSignal } from './signals.ts';
import { isOnPath, readWorld } from './world.ts';

const defaultName = 'kedge';

/** All commands of `kedge`. */
export function program(): Command {
  const kedge = new Command('kedge')
    .description('Kubernetes, whole, in one program.')
    .version(version.kedge, '-V, --version')
    .configureOutput({ outputError: (text, write) => write(`${oneLine(text)} ("kedge help" shows how)\n`) })
    .configureHelp({ sortSubcommands: false })
    .enablePositionalOptions() // an option belongs to the command that it follows: several have a `--name`
    .helpCommand(false);
  addUp(kedge);
  addDown(kedge);
  addStatus(kedge);
  addKubeconfig(kedge);
  addLogs(kedge);
  addImage(kedge);
  addEtcd(kedge);
  addServer(kedge);
  addParts(kedge);
  kedge
    .command('help')
    .argument('[command...]')
    .description('show how a command is used')
    .action((names: string[]) => commandNamed(kedge, names).outputHelp());
  kedge
    .command('version')
    .description('print the versions of Kedge, of Kubernetes and of Node.js')
    .action(() => print(`Kedge ${version.kedge}\nKubernetes ${version.kubernetes}\nNode.js ${process.version}\n`));
  return kedge;
}

function addUp(kedge: Command): void {
  kedge
    .command('up')
    .description('bring a cluster up on this machine, or back up')
    .addOption(nameOption())
    .option('--nodes <count>', 'how many nodes (default: 1)', wholeNumber)
    .option('--servers <count>', 'how many servers, on as many members of etcd: 1, 3 or 5 (default: 1)', wholeNumber)
    .option('--pod-cidr <network>', 'addresses of pods (default: 10.244.0.0/16)')
    .option('--service-cidr <network>', 'addresses of Services (default: 10.96.0.0/16)')
    .option(
      '--api-port <port>',
      'port of the API server on this machine (default: 6443, or the next free one)',
      wholeNumber,
    )
    .option(
      '--encryption-provider-config <file>',
      'what is encrypted in the store, and how; "" for nothing',
      absolutePath,
    )
    .option('--encryption-provider-config-automatic-reload', 'follow that file as it changes')
    .option('--snapshot-interval <duration>', 'how often the store is saved: 6h; "" for never (default: never)')
    .option('--snapshot-retention <count>', 'how many snapshots are kept (default: 5)', wholeNumber)
    .option(
      '--snapshot-dir <path>',
      'where they are saved (default: snapshots in the folder of the cluster)',
      absolutePath,
    )
    .option('--foreground', 'stay, and stop the cluster on Ctrl-C; "kedge up" brings it back')
    .action(async (options: UpOptions) => {
      const world = readWorld();
      const report = terminalReport(process.stdout);
      const start = world.clock.elapsed();
      const config = await up(world, options.name, options, report);
      const seconds = ((world.clock.elapsed() - start) / 1000).toFixed(1);
      print(`\nThe cluster "${config.name}" is up (${seconds} s). Try: kubectl get nodes\n`);
      if (!isOnPath('kubectl')) print('kubectl is not on this machine yet: https://kubernetes.io/docs/tasks/tools/\n');
      if (options.foreground) await stayUntilInterrupted(options.name);
    });
}

interface UpOptions {
  name: string;
  nodes?: number;
  servers?: number;
  podCidr?: string;
  serviceCidr?: string;
  apiPort?: number;
  encryptionProviderConfig?: string;
  encryptionProviderConfigAutomaticReload?: boolean;
  snapshotInterval?: string;
  snapshotRetention?: number;
  snapshotDir?: string;
  foreground?: boolean;
}

async function stayUntilInterrupted(name: string): Promise<void> {
  const { stop } = await import('#cluster');
  print('Press Ctrl-C to stop it.\n');
  await waitFor(terminationSignal());
  await stop(readWorld(), name, terminalReport(process.stdout));
}

/** Resolves when the signal aborts. Something must wait meanwhile: a process that only listens for signals ends. */
async function waitFor(signal: AbortSignal): Promise<void> {
  const waiting = setInterval(() => {}, 2 ** 30);
  await once(signal, 'abort');
  clearInterval(waiting);
}

function addDown(kedge: Command): void {
  kedge
    .command('down')
    .description('remove a cluster and everything that belongs to it')
    .addOption(nameOption().conflicts('all'))
    .option('--all', 'remove all clusters')
    .action(async (options: { name: string; all?: boolean }) => {
      const world = readWorld();
      const names = options.all ? await clusterNames(world.home) : [options.name];
      for (const name of names) await down(world, name, terminalReport(process.stdout)).catch(tell);
      if (names.length === 0) print('There is no cluster.\n');
    });
}

function addStatus(kedge: Command): void {
  kedge
    .command('status')
    .description('show the clusters of this machine and their nodes')
    .option('--name <name>', 'only this cluster')
    .action(async (options: { name?: string }) => {
      const world = readWorld();
      const names = options.name === undefined ? await clusterNames(world.home) : [options.name];
      if (names.length === 0) print('There is no cluster. "kedge up" makes one.\n');
      for (const name of names) {
        const cluster = await status(world, name);
        print(`${cluster.name}   ${cluster.server}   ${cluster.state}\n`);
        for (const [title, parts] of Object.entries(partsOf(cluster)))
          print(table([title, 'ADDRESS', 'PROCESS', 'STATUS'], parts));
        print(
          table(
            ['NODE', 'ADDRESS', 'PROCESS', 'STATUS'],
            cluster.nodes.map((node) => [node.name, node.ip, node.process, node.ready]),
          ),
        );
        if (cluster.state !== 'running') process.exitCode = 1;
      }
    });
}

/** The rows of several servers and of their etcd. */
function partsOf({ servers }: ClusterStatus): Record<string, string[][]> {
  if (!servers) return {};
  const rows = (parts: typeof servers.etcd): string[][] =>
    parts.map(({ name, ip, process: runs, state }) => [name, ip, runs, state]);
  return { ETCD: rows(servers.etcd), SERVER: rows(servers.servers) };
}

function addKubeconfig(kedge: Command): void {
  kedge
    .command('kubeconfig')
    .description('print a kubeconfig for a cluster')
    .addOption(nameOption())
    .action(async (options: { name: string }) => print(await kubeconfigOf(readWorld(), options.name)));
}

function addLogs(kedge: Command): void {
  kedge
    .command('logs')
    .argument(
      '[component]',
      'server, apiserver, controller-manager, scheduler, kubelet, kube-proxy, cluster-dns, container-runtime, or a node',
    )
    .description('print what the parts of a cluster say')
    .addOption(nameOption())
    .option('-f, --follow', 'go on as more is said')
    .action(async (component: string | undefined, options: { name: string; follow?: boolean }) => {
      const follow = options.follow ? terminationSignal() : undefined;
      for await (const line of readLogs(readWorld(), options.name, component, follow)) print(`${line}\n`);
    });
}

function addImage(kedge: Command): void {
  const image = kedge.command('image').description('the images of this machine, which its clusters share');
  image
    .command('load')
    .argument('<archive>', 'a tar archive of "docker save" or of an OCI layout; - reads standard input')
    .description('take images from an archive')
    .action(async (archive: string) => {
      for (const name of await loadArchive(archive)) print(`${name}\n`);
    });
  image
    .command('list')
    .description('list images')
    .action(async () => {
      const images = await listImages(readWorld());
      print(
        table(
          ['IMAGE', 'ID', 'SIZE'],
          images.map(({ name, id, bytes }) => [name, id.slice(0, 19), `${(bytes / 1e6).toFixed(1)} MB`]),
        ),
      );
    });
  image
    .command('remove')
    .argument('<image>')
    .description('take a name from an image, and drop what no other name has')
    .action(async (name: string) => removeImage(readWorld(), name));
}

/** The store alone; its flags are those of etcd. */
function addEtcd(kedge: Command): void {
  const etcd = kedge.command('etcd');
  addEtcdTools(etcd);
  etcd
    .description('run the store alone, for any client of etcd')
    .option('--name <name>', 'name of the member', 'default')
    .option('--data-dir <path>', 'where its data lies (default: NAME.etcd)')
    .option('--listen-client-urls <urls>', 'where to take clients: http, https, unix', 'http://localhost:2379')
    .option('--advertise-client-urls <urls>', 'where clients are told to find it (default: where it takes them)')
    .option('--listen-metrics-urls <urls>', 'where to answer /metrics and /health alone')
    .option('--initial-advertise-peer-urls <urls>', 'what the number of the member is made of', 'http://localhost:2380')
    .option('--initial-cluster-token <token>', 'what the number of the cluster is made of', 'etcd-cluster')
    .option('--cert-file <path>', 'certificate of the server')
    .option('--key-file <path>', 'its key')
    .option('--trusted-ca-file <path>', 'who signs the certificates that clients must show')
    .option('--client-cert-auth', 'the common name of a certificate is a user')
    .option('--quota-backend-bytes <bytes>', 'what the data may grow to; 0: 2 GiB', wholeNumber, 0)
    .option('--auto-compaction-mode <mode>', 'periodic or revision', 'periodic')
    .option('--auto-compaction-retention <retention>', 'what of the past is kept: 30m, or revisions; 0: all', '0')
    .option('--snapshot-interval <duration>', 'how often a snapshot is saved: 6h (default: never)')
    .option('--snapshot-retention <count>', 'how many snapshots are kept', wholeNumber, 5)
    .option('--snapshot-dir <path>', 'where snapshots are saved (default: DATA-DIR/snapshots)')
    .option('--max-txn-ops <count>', 'operations in a transaction', wholeNumber, 128)
    .option('--max-request-bytes <bytes>', 'bytes of a request', wholeNumber, 1_572_864)
    .option('--auth-token-ttl <seconds>', 'how long a token lasts that is not used', wholeNumber, 300)
    .option('--bcrypt-cost <cost>', 'what hashing a password costs', wholeNumber, 10)
    .option('--watch-progress-notify-interval <duration>', 'how often quiet watches are told their progress', '10m')
    .action(async (request: EtcdRequest) =>
      runEtcd(readWorld(), request, terminationSignal(), (line) => print(`${line}\n`)),
    );
}

/** A server on an etcd of one's own; without `--etcd-servers` one that `up` starts. The flags are kube-apiserver's. */
function addServer(kedge: Command): void {
  const { bindAddress, securePort, serviceClusterIpRange, clusterCidr } = serverDefaults;
  kedge
    .command('server')
    .description('run an API server on an etcd of your own, with controllers and a scheduler')
    .option('--etcd-servers <urls>', 'the members of etcd, with commas between')
    .option('--etcd-cafile <path>', 'who signed their certificates')
    .option('--etcd-certfile <path>', 'certificate to show them')
    .option('--etcd-keyfile <path>', 'its key')
    .option('--data-dir <path>', 'where certificates lie (default: server in KEDGE_HOME)')
    .option('--bind-address <ip>', 'where to listen', bindAddress)
    .option('--secure-port <port>', 'on which port', wholeNumber, securePort)
    .option('--advertise-address <ip>', 'where others find it (default: where it listens, or the first address)')
    .option('--tls-san <names>', 'more names and addresses for its certificate, with commas between')
    .option('--service-cluster-ip-range <network>', 'addresses of Services', serviceClusterIpRange)
    .option('--cluster-cidr <network>', 'addresses of pods', clusterCidr)
    .option('--kubeconfig <path>', "where to write the administrator's (default: admin.kubeconfig in --data-dir)")
    .option('--snapshot-interval <duration>', 'how often a snapshot of etcd is saved: 6h (default: never)')
    .option('--snapshot-retention <count>', 'how many snapshots are kept (default: 5)', wholeNumber)
    .option('--snapshot-dir <path>', 'where snapshots are saved (default: DATA-DIR/snapshots)')
    .option('--leader-elect [bool]', 'of several on one etcd, one runs controllers, one the scheduler', yesOrNo, true)
    .addOption(nameOption().hideHelp())
    .addOption(new Option('--server <server>').hideHelp())
    .action(async ({ name, server, ...request }: ServerOptions) => {
      const world = readWorld();
      const { etcdServers, dataDir = join(world.home, 'server') } = request;
      if (etcdServers === undefined) return runServer(world, name, server, terminationSignal());
      const tell = (line: string): void => print(`${line}\n`);
      return runStandaloneServer(world, { ...request, etcdServers, dataDir }, terminationSignal(), tell);
    });
}

type ServerOptions = Omit<ServerRequest, 'etcdServers' | 'dataDir'> &
  Partial<ServerRequest> & { name: string; server?: string };

/** The process of a node, which `up` starts; shown to who asks, since it is how a cluster runs. */
function addParts(kedge: Command): void {
  kedge
    .command('agent', { hidden: true })
    .addOption(nameOption())
    .requiredOption('--node <node>')
    .action(async (options: { name: string; node: string }) =>
      runAgent(readWorld(), options.name, options.node, terminationSignal()),
    );
}

function nameOption(): Option {
  return new Option('--name <name>', 'name of the cluster').default(defaultName);
}

async function loadArchive(archive: string): Promise<string[]> {
  try {
    const source = archive === '-' ? process.stdin : (await open(archive)).createReadStream();
    return await loadImages(readWorld(), source);
  } catch (error) {
    throw new Error(`no image could be taken from ${archive}: ${messageOf(error)}`, { cause: error });
  }
}

/** The command that words name, `image load`; throws when there is none. */
function commandNamed(from: Command, words: readonly string[]): Command {
  const [word, ...rest] = words;
  if (word === undefined) return from;
  const found = from.commands.find((command) => command.name() === word);
  if (!found) throw new Error(`unknown command '${word}' ("kedge help" lists those that are)`);
  return commandNamed(found, rest);
}

/** What commander says on two lines, such as "(Did you mean logs?)". */
function oneLine(text: string): string {
  return text.trim().replaceAll(/\s*\n\s*/g, ' ');
}

/** One of several failed: say so, go on with the others, and fail in the end. */
function tell(error: unknown): void {
  process.stderr.write(`error: ${messageOf(error)}\n`);
  process.exitCode = 1;
}

/** As Go reads flags: `--flag`, `--flag=false`. */
function yesOrNo(text: string): boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  throw new InvalidArgumentError('It takes true or false.');
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It takes a whole number.');
  return Number(text);
}

/** The server runs in another folder. */
function absolutePath(path: string): string {
  return path === '' ? '' : resolve(path);
}

function print(text: string): void {
  process.stdout.write(text);
}
