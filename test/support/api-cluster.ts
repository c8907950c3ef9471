import assert from 'node:assert/strict';
import { text } from 'node:stream/consumers';
import { parse } from 'yaml';
import { preferredResources } from '#api';
import { messageOf } from '#base';
import { dialRemoteCommand } from '#wire';
import { HttpClient, type Answer, type Ask } from '../../src/apiserver/testing/http-client.ts';
import { TestCluster } from './cluster.ts';
import type { Loose, Manifest } from './test-namespace.ts';
import { until } from './until.ts';

/** A cluster of containers that a test asks over its API, as a program does: a behaviour costs a pod and no kubectl. */
export class ApiCluster implements AsyncDisposable {
  readonly cluster: TestCluster;
  readonly http: HttpClient;
  /** Where the server is, and who is asking: for what is no plain request. */
  readonly server: { url: string; ca: string; cert: string; key: string };

  private constructor(cluster: TestCluster, server: ApiCluster['server']) {
    this.cluster = cluster;
    this.server = server;
    this.http = new HttpClient({ url: server.url, caPem: server.ca }, { certPem: server.cert, keyPem: server.key });
  }

  static async up(...options: string[]): Promise<ApiCluster> {
    const cluster = await TestCluster.up(...options);
    const { clusters, users }: Loose = parse(await cluster.kedge('kubeconfig', '--name', cluster.name));
    const decoded = (value: string): string => Buffer.from(value, 'base64').toString();
    const { server, 'certificate-authority-data': ca } = clusters[0].cluster;
    const { 'client-certificate-data': cert, 'client-key-data': key } = users[0].user;
    return new ApiCluster(cluster, { url: server, ca: decoded(ca), cert: decoded(cert), key: decoded(key) });
  }

  /** Makes a namespace in which pods can be created. It goes with the cluster. */
  async namespace(prefix: string): Promise<ApiNamespace> {
    const made = await this.ask('/api/v1/namespaces', {
      method: 'POST',
      body: { metadata: { generateName: `${prefix}-` } },
    });
    const namespace = new ApiNamespace(this, made.metadata.name);
    await until(
      () => namespace.get('ServiceAccount', 'default'),
      () => {},
    );
    return namespace;
  }

  /** The object that the server answers with; fails with what it says instead. */
  async ask(path: string, options: Ask = {}): Promise<Loose> {
    const answer = await this.http.ask(path, options);
    assert.ok(answer.status < 300, `${options.method ?? 'GET'} ${path}: ${answer.status} ${answer.text}`);
    return answer.json;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.http[Symbol.dispose]();
    await this.cluster[Symbol.asyncDispose]();
  }
}

/** A namespace of an `ApiCluster`, and what is done in it. */
export class ApiNamespace {
  readonly cluster: ApiCluster;
  readonly name: string;

  constructor(cluster: ApiCluster, name: string) {
    this.cluster = cluster;
    this.name = name;
  }

  /** The path of the objects of a kind, or of one of them. */
  path(kind: string, name?: string): string {
    const resource = preferredResources.find(({ kindName }) => kindName === kind);
    if (!resource) throw new Error(`no kind ${kind}`);
    const { group, version, plural } = resource;
    const base = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
    return `${base}/namespaces/${this.name}/${plural}${name === undefined ? '' : `/${name}`}`;
  }

  /** Creates objects, one after the other; returns the last. */
  async create(...manifests: Manifest[]): Promise<Loose> {
    let made: Loose;
    for (const body of manifests) made = await this.cluster.ask(this.path(body.kind), { method: 'POST', body });
    return made;
  }

  get(kind: string, name?: string): Promise<Loose> {
    return this.cluster.ask(this.path(kind, name));
  }

  patch(kind: string, name: string, body: object): Promise<Loose> {
    const headers = { 'content-type': 'application/strategic-merge-patch+json' };
    return this.cluster.ask(this.path(kind, name), { method: 'PATCH', headers, body });
  }

  /** Asks for the end of an object, a pod's at once. */
  delete(kind: string, name: string): Promise<Answer> {
    return this.cluster.http.ask(this.path(kind, name), { method: 'DELETE', body: { gracePeriodSeconds: 0 } });
  }

  /** Asks for a pod until it passes; returns it. A failure tells what the pod was like at last. */
  async untilPod(name: string, check: (pod: Loose) => void): Promise<Loose> {
    let status: Loose;
    const checkKept = (pod: Loose): void => {
      ({ status } = pod);
      check(pod);
    };
    try {
      return await until(() => this.get('Pod', name), checkKept);
    } catch (cause) {
      throw new Error(`pod "${name}": ${messageOf(cause)}\n${JSON.stringify(status)}`, { cause });
    }
  }

  /** What a container printed: the only one, or the one that is named. */
  async logs(pod: string, container?: string): Promise<string> {
    const query = container === undefined ? '' : `?container=${container}`;
    const answer = await this.cluster.http.get(`${this.path('Pod', pod)}/log${query}`);
    assert.equal(answer.status, 200, answer.text);
    return answer.text;
  }

  /** Runs a command in the first container of a pod; returns what it printed, fails with what it said. */
  exec(pod: string, ...command: string[]): Promise<string> {
    return this.execIn(pod, '', ...command);
  }

  /** The same in the container of this name. */
  async execIn(pod: string, container: string, ...command: string[]): Promise<string> {
    const query = new URLSearchParams({ stdout: 'true', stderr: 'true', container });
    for (const word of command) query.append('command', word);
    const { server } = this.cluster;
    const url = `${server.url}${this.path('Pod', pod)}/exec?${query.toString()}`;
    const { stdout, stderr, status } = await dialRemoteCommand({ ...server, url, stdout: true, stderr: true });
    assert.ok(stdout && stderr);
    const [printed, said, outcome] = await Promise.all([text(stdout), text(stderr), status]);
    assert.equal(outcome?.status, 'Success', `${command.join(' ')}: ${said}${outcome?.message}`);
    return printed;
  }

  /** Asks for what a container printed until it passes. */
  untilLogs(pod: string, check: (logs: string) => void, container?: string): Promise<string> {
    return until(() => this.logs(pod, container), check);
  }

  /** Creates a pod and waits until it is ready; returns it. */
  async start(manifest: Manifest): Promise<Loose> {
    const { metadata } = await this.create(manifest);
    return this.untilPod(metadata.name, ({ status }) => assert.ok(isReady(status), JSON.stringify(status)));
  }

  /** Runs a pod to its end, which must be a good one; returns what its first container printed. */
  async run(manifest: Manifest): Promise<string> {
    const { metadata, spec }: Loose = await this.create(manifest);
    const { status } = await this.untilPod(metadata.name, (pod) =>
      assert.match(pod.status.phase, /^(Succeeded|Failed)$/, JSON.stringify(pod.status)),
    );
    const printed = await this.logs(metadata.name, spec.containers[0].name);
    assert.equal(status.phase, 'Succeeded', `${printed}\n${JSON.stringify(status)}`);
    await this.delete('Pod', metadata.name);
    return printed;
  }
}

function isReady({ conditions }: Loose): boolean {
  return conditions?.some((one: Loose) => one.type === 'Ready' && one.status === 'True');
}
