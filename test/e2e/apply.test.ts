/** Who owns what: `kubectl apply --server-side` and all that touches it, as a user types it. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { TestCluster } from '../support/cluster.ts';
import { configMap, deployment } from '../support/manifests.ts';
import { cannotRun } from '../support/requirements.ts';
import type { Loose, TestNamespace } from '../support/test-namespace.ts';
import { kubectlVersions, type KubectlVersion } from '../support/tools.ts';

/** `manager/subresource operation` of each entry, by name. */
function owners({ metadata }: Loose): string[] {
  const entries: Loose[] = metadata.managedFields ?? [];
  return entries
    .map(({ manager, subresource, operation }) => `${manager}${subresource ? `/${subresource}` : ''} ${operation}`)
    .sort();
}

/** kubectl of one version in a namespace. */
class Terminal {
  readonly #ns: TestNamespace;
  readonly #version: KubectlVersion;

  constructor(ns: TestNamespace, version: KubectlVersion) {
    this.#ns = ns;
    this.#version = version;
  }

  /** What a command prints, given this object. */
  async run(args: string[], object?: object): Promise<string> {
    const { code, stdout, stderr } = await this.try(args, object);
    assert.equal(code, 0, `kubectl ${args.join(' ')}: ${stderr}`);
    return stdout;
  }

  async fail(args: string[], object?: object): Promise<string> {
    const { code, stdout, stderr } = await this.try(args, object);
    assert.notEqual(code, 0, `kubectl ${args.join(' ')} should fail, and said ${stdout}`);
    return stderr;
  }

  try(args: string[], object?: object): ReturnType<TestNamespace['try']> {
    const input = object && JSON.stringify({ apiVersion: 'v1', ...object });
    return this.#ns.try(args, { version: this.#version, ...(input && { input }) });
  }

  async get(kind: string, name: string): Promise<Loose> {
    return JSON.parse(await this.run(['get', kind, name, '-o', 'json', '--show-managed-fields']));
  }
}

const serverSide = ['apply', '--server-side', '-f', '-'];

describe('server-side apply with kubectl', { skip: cannotRun(), concurrency: 2 }, () => {
  let cluster: TestCluster;
  before(async () => void (cluster = await TestCluster.up()));
  after(() => cluster?.[Symbol.asyncDispose]());

  for (const version of kubectlVersions) {
    const terminal = async (name: string): Promise<Terminal> =>
      new Terminal(await cluster.namespace(`${name}-${version.replace('.', '-')}`), version);

    test(`kubectl ${version} applies on the server, and runs into conflicts`, async () => {
      const kubectl = await terminal('conflicts');
      const settings = (data: Record<string, string>): object => configMap('settings', data);
      assert.equal(await kubectl.run(serverSide, settings({ a: '1' })), 'configmap/settings serverside-applied\n');
      const again = await kubectl.get('configmap', 'settings');
      await kubectl.run(serverSide, settings({ a: '1' }));
      assert.deepEqual(await kubectl.get('configmap', 'settings'), again);
      await kubectl.run(['patch', 'configmap', 'settings', '-p', '{"data":{"a":"2"}}', '--field-manager=other']);
      const told = await kubectl.fail(serverSide, settings({ a: '3', b: '1' }));
      assert.match(told, /^error: Apply failed with 1 conflict: conflict with "other" using v1: \.data\.a\n/);
      assert.match(told, /--force-conflicts/);
      await kubectl.run([...serverSide, '--force-conflicts'], settings({ a: '3', b: '1' }));
      const forced = await kubectl.get('configmap', 'settings');
      assert.deepEqual([forced.data, owners(forced)], [{ a: '3', b: '1' }, ['kubectl Apply']]);
      await kubectl.run([...serverSide, '--field-manager=second'], settings({ b: '1' }));
      await kubectl.run(serverSide, settings({ a: '3' }));
      assert.deepEqual((await kubectl.get('configmap', 'settings')).data, { a: '3', b: '1' });
      await kubectl.run([...serverSide, '--field-manager=second'], settings({}));
      assert.deepEqual((await kubectl.get('configmap', 'settings')).data, { a: '3' });
    });

    test(`kubectl ${version} moves from client-side to server-side apply and back`, async () => {
      const kubectl = await terminal('migration');
      const web = (replicas: number): object => ({ apiVersion: 'apps/v1', ...deployment('web', {}, { replicas }) });
      await kubectl.run(['apply', '-f', '-'], web(1));
      assert.ok(owners(await kubectl.get('deployment', 'web')).includes('kubectl-client-side-apply Update'));
      await kubectl.run(serverSide, web(2));
      const moved = await kubectl.get('deployment', 'web');
      assert.equal(moved.spec.replicas, 2);
      assert.ok(owners(moved).includes('kubectl Apply'));
      assert.ok(!owners(moved).some((one) => one.startsWith('kubectl-client-side-apply')), owners(moved).join());
      await kubectl.run(['apply', '-f', '-'], web(1));
      assert.equal((await kubectl.get('deployment', 'web')).spec.replicas, 1);
    });

    test(`kubectl ${version} scales what was applied, and apply then leaves it alone or fights for it`, async () => {
      const kubectl = await terminal('scale');
      const web = (replicas: number): object => ({ apiVersion: 'apps/v1', ...deployment('web', {}, { replicas }) });
      await kubectl.run(serverSide, web(1));
      await kubectl.run(['scale', 'deployment/web', '--replicas=2']);
      assert.match(
        await kubectl.fail(serverSide, web(1)),
        /conflict with "kubectl" with subresource "scale" using apps\/v1: \.spec\.replicas/,
      );
      await kubectl.run(serverSide, web(2));
      await kubectl.run(['scale', 'deployment/web', '--replicas=1']);
      const scaled = await kubectl.get('deployment', 'web');
      assert.ok(owners(scaled).includes('kubectl/scale Update'));
    });

    test(`kubectl ${version} diffs, edits, replaces, and reads and writes what was last applied`, async () => {
      const kubectl = await terminal('editing');
      const settings = (data: Record<string, string>): object => configMap('settings', data);
      await kubectl.run(['apply', '-f', '-'], settings({ a: '1' }));
      const diff = async (data: Record<string, string>, ...how: string[]): Promise<string> => {
        const { code, stdout, stderr } = await kubectl.try(['diff', ...how, '-f', '-'], settings(data));
        assert.equal(code, stdout === '' ? 0 : 1, stderr);
        return stdout;
      };
      assert.match(await diff({ a: '2' }), /^-  a: "1"\n\+  a: "2"$/m);
      assert.equal(await diff({ a: '1' }), '');
      assert.match(await diff({ a: '2' }, '--server-side', '--force-conflicts'), /^-  a: "1"\n\+  a: "2"$/m);
      const last = ['apply', 'view-last-applied', 'configmap', 'settings', '-o', 'json'];
      assert.deepEqual(JSON.parse(await kubectl.run(last)).data, { a: '1' });
      await kubectl.run(['replace', '-f', '-'], settings({ a: '3' }));
      assert.ok(owners(await kubectl.get('configmap', 'settings')).includes('kubectl-replace Update'));
      const wanted = JSON.stringify({ apiVersion: 'v1', ...settings({ a: '3' }) });
      const path = join(cluster.home, `settings-${version}.json`);
      await writeFile(path, wanted);
      const set = await kubectl.run(['apply', 'set-last-applied', '--create-annotation', '-f', path]);
      assert.equal(set, 'configmap/settings configured\n');
      assert.deepEqual(JSON.parse(await kubectl.run(last)).data, { a: '3' });
    });

    test(`kubectl ${version} edits with the fields' owner said`, async () => {
      const ns = await cluster.namespace(`edit-${version.replace('.', '-')}`);
      const kubectl = new Terminal(ns, version);
      await kubectl.run(serverSide, configMap('settings', { a: '1' }));
      const env = { KUBE_EDITOR: `sed -i 's/a: "1"/a: "2"/'` };
      const edited = await ns.try(['edit', 'configmap', 'settings'], { version, env });
      assert.equal(edited.stdout, 'configmap/settings edited\n', edited.stderr);
      assert.deepEqual(owners(await kubectl.get('configmap', 'settings')), ['kubectl-edit Update']);
    });

    test(`kubectl ${version} prunes what a set of applied objects no longer holds`, async () => {
      const ns = await cluster.namespace(`prune-${version.replace('.', '-')}`);
      const apply = async (...names: string[]): Promise<string> => {
        const items = names.map((name) => ({ apiVersion: 'v1', ...configMap(name, {}) }));
        const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
        const args = [...serverSide, '--prune', '--applyset=mine'];
        const { code, stdout, stderr } = await ns.try(args, { version, input, env: { KUBECTL_APPLYSET: 'true' } });
        assert.equal(code, 0, stderr);
        return stdout;
      };
      await apply('old', 'kept');
      assert.equal(await apply('kept'), 'configmap/kept serverside-applied\nconfigmap/old pruned\n');
      assert.equal(await ns.kubectl('get', 'configmap', 'old', '--ignore-not-found'), '');
    });

    test(`kubectl ${version} says what an apply would do, and refuses what does not fit`, async () => {
      const kubectl = await terminal('dry');
      const tried = await kubectl.run(
        [...serverSide, '--dry-run=server', '-o', 'json'],
        configMap('settings', { a: '1' }),
      );
      assert.deepEqual(JSON.parse(tried).data, { a: '1' });
      assert.equal(await kubectl.run(['get', 'configmap', 'settings', '--ignore-not-found']), '');
      const wrong = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, dato: {} };
      assert.match(await kubectl.fail(serverSide, wrong), /\.dato: field not declared in schema/);
    });
  }
});
