/** The behaviours of the conformance suite that volumes show, under their own names, each on a pod of its own. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ApiCluster, type ApiNamespace } from '../support/api-cluster.ts';
import { configMap, container, scripted, secret } from '../support/manifests.ts';
import { cannotRun } from '../support/requirements.ts';
import type { Loose, Manifest } from '../support/test-namespace.ts';
import { until } from '../support/until.ts';

type Fields = Record<string, unknown>;

const data = { 'data-1': 'value-1', 'data-2': 'value-2', 'data-3': 'value-3' };
const describeFile = (path: string): string => `stat -Lc %A ${path}; cat ${path}`;

describe('volumes', { skip: cannotRun() }, () => {
  let cluster: ApiCluster;
  let ns: ApiNamespace;
  before(async () => {
    cluster = await ApiCluster.up();
    ns = await cluster.namespace('volumes');
    await ns.create(configMap('config', data), secret('secret', data));
  });
  after(() => cluster?.[Symbol.asyncDispose]());

  /** A kind of volume that has the keys of an object as files. */
  type Source = (fields: Fields, name?: string) => Fields;
  const ofConfigMap: Source = (fields, name = 'config') => ({ configMap: { name, ...fields } });
  const ofSecret: Source = (fields, secretName = 'secret') => ({ secret: { secretName, ...fields } });
  const projected = (source: Fields, defaultMode?: unknown): Fields => ({
    projected: { sources: [source], ...(defaultMode !== undefined && { defaultMode }) },
  });
  const ofProjectedConfigMap: Source = ({ defaultMode, ...fields }, name = 'config') =>
    projected({ configMap: { name, ...fields } }, defaultMode);
  const ofProjectedSecret: Source = ({ defaultMode, ...fields }, name = 'secret') =>
    projected({ secret: { name, ...fields } }, defaultMode);

  describe('files of keys', { concurrency: 6 }, () => {
    interface Shown {
      /** What the volume says beside where its keys come from. */
      fields?: Fields;
      /** The file that is read, of `data-1` by default, and how it may be used. */
      path?: string;
      mode?: string;
      securityContext?: Fields;
      mountPaths?: string[];
    }
    const asUser = { securityContext: { runAsUser: 1000 } };
    const mapped = { fields: { items: [{ key: 'data-1', path: 'path/to/data-1' }] }, path: 'path/to/data-1' };
    const mappedWithMode = {
      fields: { items: [{ key: 'data-1', path: 'path/to/data-1', mode: 0o400 }] },
      path: 'path/to/data-1',
      mode: '-r--------',
    };
    const withDefaultMode = { fields: { defaultMode: 0o400 }, mode: '-r--------' };
    const ofGroup = {
      fields: { defaultMode: 0o440 },
      mode: '-r--r-----',
      securityContext: { runAsUser: 1000, fsGroup: 1001 },
    };
    const twice = { mountPaths: ['/etc/volume-1', '/etc/volume-2'] };

    const behaviours: [string, Source, Shown?][] = [
      ['[sig-storage] ConfigMap should be consumable from pods in volume [NodeConformance] [Conformance]', ofConfigMap],
      [
        '[sig-storage] ConfigMap should be consumable from pods in volume as non-root [NodeConformance] [Conformance]',
        ofConfigMap,
        asUser,
      ],
      [
        '[sig-storage] ConfigMap should be consumable from pods in volume with defaultMode set [LinuxOnly] [NodeConformance] [Conformance]',
        ofConfigMap,
        withDefaultMode,
      ],
      [
        '[sig-storage] ConfigMap should be consumable from pods in volume with mappings [NodeConformance] [Conformance]',
        ofConfigMap,
        mapped,
      ],
      [
        '[sig-storage] ConfigMap should be consumable from pods in volume with mappings and Item mode set [LinuxOnly] [NodeConformance] [Conformance]',
        ofConfigMap,
        mappedWithMode,
      ],
      [
        '[sig-storage] ConfigMap should be consumable from pods in volume with mappings as non-root [NodeConformance] [Conformance]',
        ofConfigMap,
        { ...mapped, ...asUser },
      ],
      [
        '[sig-storage] ConfigMap should be consumable in multiple volumes in the same pod [NodeConformance] [Conformance]',
        ofConfigMap,
        twice,
      ],
      [
        '[sig-storage] Projected configMap should be consumable from pods in volume [NodeConformance] [Conformance]',
        ofProjectedConfigMap,
      ],
      [
        '[sig-storage] Projected configMap should be consumable from pods in volume as non-root [NodeConformance] [Conformance]',
        ofProjectedConfigMap,
        asUser,
      ],
      [
        '[sig-storage] Projected configMap should be consumable from pods in volume with defaultMode set [LinuxOnly] [NodeConformance] [Conformance]',
        ofProjectedConfigMap,
        withDefaultMode,
      ],
      [
        '[sig-storage] Projected configMap should be consumable from pods in volume with mappings [NodeConformance] [Conformance]',
        ofProjectedConfigMap,
        mapped,
      ],
      [
        '[sig-storage] Projected configMap should be consumable from pods in volume with mappings and Item mode set [LinuxOnly] [NodeConformance] [Conformance]',
        ofProjectedConfigMap,
        mappedWithMode,
      ],
      [
        '[sig-storage] Projected configMap should be consumable from pods in volume with mappings as non-root [NodeConformance] [Conformance]',
        ofProjectedConfigMap,
        { ...mapped, ...asUser },
      ],
      [
        '[sig-storage] Projected configMap should be consumable in multiple volumes in the same pod [NodeConformance] [Conformance]',
        ofProjectedConfigMap,
        twice,
      ],
      ['[sig-storage] Secrets should be consumable from pods in volume [NodeConformance] [Conformance]', ofSecret],
      [
        '[sig-storage] Secrets should be consumable from pods in volume as non-root with defaultMode and fsGroup set [LinuxOnly] [NodeConformance] [Conformance]',
        ofSecret,
        ofGroup,
      ],
      [
        '[sig-storage] Secrets should be consumable from pods in volume with defaultMode set [LinuxOnly] [NodeConformance] [Conformance]',
        ofSecret,
        withDefaultMode,
      ],
      [
        '[sig-storage] Secrets should be consumable from pods in volume with mappings [NodeConformance] [Conformance]',
        ofSecret,
        mapped,
      ],
      [
        '[sig-storage] Secrets should be consumable from pods in volume with mappings and Item Mode set [LinuxOnly] [NodeConformance] [Conformance]',
        ofSecret,
        mappedWithMode,
      ],
      [
        '[sig-storage] Secrets should be consumable in multiple volumes in a pod [NodeConformance] [Conformance]',
        ofSecret,
        twice,
      ],
      [
        '[sig-storage] Projected secret should be consumable from pods in volume [NodeConformance] [Conformance]',
        ofProjectedSecret,
      ],
      [
        '[sig-storage] Projected secret should be consumable from pods in volume as non-root with defaultMode and fsGroup set [LinuxOnly] [NodeConformance] [Conformance]',
        ofProjectedSecret,
        ofGroup,
      ],
      [
        '[sig-storage] Projected secret should be consumable from pods in volume with defaultMode set [LinuxOnly] [NodeConformance] [Conformance]',
        ofProjectedSecret,
        withDefaultMode,
      ],
      [
        '[sig-storage] Projected secret should be consumable from pods in volume with mappings [NodeConformance] [Conformance]',
        ofProjectedSecret,
        mapped,
      ],
      [
        '[sig-storage] Projected secret should be consumable from pods in volume with mappings and Item Mode set [LinuxOnly] [NodeConformance] [Conformance]',
        ofProjectedSecret,
        mappedWithMode,
      ],
      [
        '[sig-storage] Projected secret should be consumable in multiple volumes in a pod [NodeConformance] [Conformance]',
        ofProjectedSecret,
        twice,
      ],
    ];
    for (const [name, source, shown = {}] of behaviours) {
      const { fields = {}, path = 'data-1', mode = '-rw-r--r--', mountPaths = ['/etc/volume'] } = shown;
      test(name, async () => {
        const volumes = Object.fromEntries(mountPaths.map((mountPath) => [mountPath, source(fields)]));
        const script = mountPaths.map((mountPath) => describeFile(`${mountPath}/${path}`)).join('; ');
        const { securityContext } = shown;
        const output = await ns.run(
          scripted(script, { volumes, spec: { ...(securityContext && { securityContext }) } }),
        );
        assert.equal(output, `${mode}\nvalue-1`.repeat(mountPaths.length));
      });
    }

    test('[sig-storage] Secrets should be able to mount in a volume regardless of a different secret existing with same name in different namespace [NodeConformance] [Conformance]', async () => {
      const other = await cluster.namespace('other');
      await other.create(secret('secret', { 'data-1': 'of another namespace' }));
      const pod = scripted(describeFile('/etc/volume/data-1'), { volumes: { '/etc/volume': ofSecret({}) } });
      assert.equal(await ns.run(pod), '-rw-r--r--\nvalue-1');
    });

    test('[sig-storage] ConfigMap binary data should be reflected in volume [NodeConformance] [Conformance]', async () => {
      const bytes = Buffer.from([0xde, 0xca, 0xfe, 0xba, 0xd0, 0xfe, 0xff]);
      const binaryData = { 'dump.bin': bytes.toString('base64') };
      await ns.create({ ...configMap('binary', { 'data-1': 'value-1' }), binaryData });
      const script = 'cat /etc/volume/data-1; busybox hexdump -ve \'1/1 "%.2x"\' /etc/volume/dump.bin';
      const pod = scripted(script, { volumes: { '/etc/volume': ofConfigMap({}, 'binary') } });
      assert.equal(await ns.run(pod), `value-1${bytes.toString('hex')}`);
    });
  });

  describe('changes that reach running containers', { concurrency: 6 }, () => {
    /** A pod whose containers say again and again what a file of theirs holds. */
    function watching(name: string, volumes: Record<string, Fields>, path = 'data-1', metadata: Fields = {}): Manifest {
      const script = (file: string): string[] => [
        'sh',
        '-c',
        `trap 'exit 0' TERM; while true; do echo "[$(cat ${file} 2>&1)]"; sleep 0.3; done`,
      ];
      const names = Object.keys(volumes);
      return {
        kind: 'Pod',
        metadata: { name, ...metadata },
        spec: {
          terminationGracePeriodSeconds: 1,
          volumes: names.map((volume) => ({ name: volume, ...volumes[volume] })),
          containers: names.map((volume) =>
            container({
              name: volume,
              command: script(`/etc/${volume}/${path}`),
              volumeMounts: [{ name: volume, mountPath: `/etc/${volume}` }],
            }),
          ),
        },
      };
    }

    const says = (pod: string, text: string, containerName: string): Promise<string> =>
      ns.untilLogs(pod, (logs) => assert.ok(logs.trimEnd().endsWith(`${text}]`), logs.slice(-200)), containerName);

    const updated: [string, Source, string][] = [
      [
        '[sig-storage] ConfigMap updates should be reflected in volume [NodeConformance] [Conformance]',
        ofConfigMap,
        'upd',
      ],
      [
        '[sig-storage] Projected configMap updates should be reflected in volume [NodeConformance] [Conformance]',
        ofProjectedConfigMap,
        'projected-upd',
      ],
    ];
    for (const [name, source, id] of updated)
      test(name, async () => {
        await ns.create(configMap(id, { 'data-1': 'value-1' }), watching(id, { volume: source({}, id) }));
        await says(id, 'value-1', 'volume');
        await ns.patch('ConfigMap', id, { data: { 'data-1': 'value-2' } });
        await says(id, 'value-2', 'volume');
        await ns.delete('Pod', id);
      });

    const optional: [string, Source, (name: string, keys: Record<string, string>) => Manifest, string][] = [
      [
        '[sig-storage] ConfigMap optional updates should be reflected in volume [NodeConformance] [Conformance]',
        ofConfigMap,
        configMap,
        'cm-opt',
      ],
      [
        '[sig-storage] Projected configMap optional updates should be reflected in volume [NodeConformance] [Conformance]',
        ofProjectedConfigMap,
        configMap,
        'pcm-opt',
      ],
      [
        '[sig-storage] Secrets optional updates should be reflected in volume [NodeConformance] [Conformance]',
        ofSecret,
        secret,
        's-opt',
      ],
      [
        '[sig-storage] Projected secret optional updates should be reflected in volume [NodeConformance] [Conformance]',
        ofProjectedSecret,
        secret,
        'ps-opt',
      ],
    ];
    for (const [name, source, make, id] of optional)
      test(name, async () => {
        const volume = (change: string): Fields => source({ optional: true }, `${id}-${change}`);
        const volumes = { del: volume('del'), upd: volume('upd'), create: volume('create') };
        await ns.create(make(`${id}-del`, { 'data-1': 'value-1' }), make(`${id}-upd`, { 'data-1': 'value-1' }));
        await ns.create(watching(id, volumes));
        await says(id, 'value-1', 'del');
        await says(id, 'value-1', 'upd');
        await says(id, 'No such file or directory', 'create');
        const { kind } = make('', {});
        await ns.delete(kind, `${id}-del`);
        await ns.patch(
          kind,
          `${id}-upd`,
          kind === 'Secret' ? { stringData: { 'data-1': 'value-3' } } : { data: { 'data-1': 'value-3' } },
        );
        await ns.create(make(`${id}-create`, { 'data-1': 'value-1' }));
        await says(id, 'value-1', 'create');
        await says(id, 'value-3', 'upd');
        await says(id, 'No such file or directory', 'del');
        await ns.delete('Pod', id);
      });

    const file = (path: string, fieldPath: string): Fields => ({ items: [{ path, fieldRef: { fieldPath } }] });
    const metadataOf: [string, (items: Fields) => Fields, string, string][] = [
      [
        '[sig-storage] Downward API volume should update labels on modification [NodeConformance] [Conformance]',
        (downwardAPI) => ({ downwardAPI }),
        'labels',
        'labels-upd',
      ],
      [
        '[sig-storage] Downward API volume should update annotations on modification [NodeConformance] [Conformance]',
        (downwardAPI) => ({ downwardAPI }),
        'annotations',
        'annotations-upd',
      ],
      [
        '[sig-storage] Projected downwardAPI should update labels on modification [NodeConformance] [Conformance]',
        (downwardAPI) => projected({ downwardAPI }),
        'labels',
        'projected-labels-upd',
      ],
      [
        '[sig-storage] Projected downwardAPI should update annotations on modification [NodeConformance] [Conformance]',
        (downwardAPI) => projected({ downwardAPI }),
        'annotations',
        'projected-annotations-upd',
      ],
    ];
    for (const [name, source, field, id] of metadataOf)
      test(name, async () => {
        const volumes = { podinfo: source(file(field, `metadata.${field}`)) };
        await ns.create(watching(id, volumes, field, { [field]: { builder: 'bar' } }));
        await says(id, 'builder="bar"', 'podinfo');
        await ns.patch('Pod', id, { metadata: { [field]: { builder: 'foo' } } });
        await says(id, 'builder="foo"', 'podinfo');
        await ns.delete('Pod', id);
      });
  });

  describe('what a pod is told of itself', { concurrency: 6 }, () => {
    const resources = { requests: { cpu: '250m', memory: '32Mi' }, limits: { cpu: '1250m', memory: '64Mi' } };
    const resource = (name: string): Fields => ({ resourceFieldRef: { containerName: 'main', resource: name } });
    const podName = { fieldRef: { fieldPath: 'metadata.name' } };
    const allocatable = async (field: 'cpu' | 'memory'): Promise<string> => {
      const { items } = await cluster.ask('/api/v1/nodes');
      const [, number, unit] = /^(\d+)(Ki)?$/.exec(items[0].status.allocatable[field]) ?? [];
      return String(Number(number) * (unit ? 1024 : 1));
    };
    const toldOf = (made: Loose): string => made.metadata.name;

    interface Told {
      item: Fields;
      /** What the file holds, by the pod as it was created. */
      holds: string | ((pod: Loose) => string | Promise<string>);
      resources?: Fields;
      mode?: string;
      defaultMode?: number;
    }
    const told: Record<string, Told> = {
      "provide container's cpu limit": { item: resource('limits.cpu'), holds: '2', resources },
      "provide container's cpu request": { item: resource('requests.cpu'), holds: '1', resources },
      "provide container's memory limit": { item: resource('limits.memory'), holds: '67108864', resources },
      "provide container's memory request": { item: resource('requests.memory'), holds: '33554432', resources },
      'provide node allocatable (cpu)': { item: resource('limits.cpu'), holds: () => allocatable('cpu') },
      'provide node allocatable (memory)': { item: resource('limits.memory'), holds: () => allocatable('memory') },
      'provide podname only': { item: podName, holds: toldOf },
      'set DefaultMode on files': { item: podName, holds: toldOf, defaultMode: 0o400, mode: '-r--------' },
      'set mode on item file': { item: { ...podName, mode: 0o400 }, holds: toldOf, mode: '-r--------' },
    };
    const behaviours = [
      "[sig-storage] Downward API volume should provide container's cpu limit [NodeConformance] [Conformance]",
      "[sig-storage] Downward API volume should provide container's cpu request [NodeConformance] [Conformance]",
      "[sig-storage] Downward API volume should provide container's memory limit [NodeConformance] [Conformance]",
      "[sig-storage] Downward API volume should provide container's memory request [NodeConformance] [Conformance]",
      '[sig-storage] Downward API volume should provide node allocatable (cpu) as default cpu limit if the limit is not set [NodeConformance] [Conformance]',
      '[sig-storage] Downward API volume should provide node allocatable (memory) as default memory limit if the limit is not set [NodeConformance] [Conformance]',
      '[sig-storage] Downward API volume should provide podname only [NodeConformance] [Conformance]',
      '[sig-storage] Downward API volume should set DefaultMode on files [LinuxOnly] [NodeConformance] [Conformance]',
      '[sig-storage] Downward API volume should set mode on item file [LinuxOnly] [NodeConformance] [Conformance]',
      "[sig-storage] Projected downwardAPI should provide container's cpu limit [NodeConformance] [Conformance]",
      "[sig-storage] Projected downwardAPI should provide container's cpu request [NodeConformance] [Conformance]",
      "[sig-storage] Projected downwardAPI should provide container's memory limit [NodeConformance] [Conformance]",
      "[sig-storage] Projected downwardAPI should provide container's memory request [NodeConformance] [Conformance]",
      '[sig-storage] Projected downwardAPI should provide node allocatable (cpu) as default cpu limit if the limit is not set [NodeConformance] [Conformance]',
      '[sig-storage] Projected downwardAPI should provide node allocatable (memory) as default memory limit if the limit is not set [NodeConformance] [Conformance]',
      '[sig-storage] Projected downwardAPI should provide podname only [NodeConformance] [Conformance]',
      '[sig-storage] Projected downwardAPI should set DefaultMode on files [LinuxOnly] [NodeConformance] [Conformance]',
      '[sig-storage] Projected downwardAPI should set mode on item file [LinuxOnly] [NodeConformance] [Conformance]',
    ];
    for (const behaviour of behaviours) {
      const [, of] = Object.entries(told).find(([what]) => behaviour.includes(what)) ?? [];
      if (!of) throw new Error(`nothing shows ${behaviour}`);
      test(behaviour, async () => {
        const { item, holds, defaultMode, mode = '-rw-r--r--' } = of;
        const items = [{ path: 'told', ...item }];
        const isProjected = behaviour.includes('Projected');
        const volume = isProjected
          ? projected({ downwardAPI: { items } }, defaultMode)
          : { downwardAPI: { items, ...(defaultMode !== undefined && { defaultMode }) } };
        const fields = of.resources ? { resources: of.resources } : {};
        const metadata = { name: `told-${behaviours.indexOf(behaviour)}` };
        const pod = scripted(describeFile('/etc/podinfo/told'), {
          volumes: { '/etc/podinfo': volume },
          fields,
          metadata,
        });
        const expected = typeof holds === 'string' ? holds : await holds(pod);
        assert.equal(await ns.run(pod), `${mode}\n${expected}`);
      });
    }
  });

  describe('empty directories', { concurrency: 6 }, () => {
    const behaviours: [string, { user: number; mode: string; shown: string; medium: 'Memory' | '' }][] = [
      [
        '[sig-storage] EmptyDir volumes should support (root,0644,default) [LinuxOnly] [NodeConformance] [Conformance]',
        { user: 0, mode: '0644', shown: '-rw-r--r--', medium: '' },
      ],
      [
        '[sig-storage] EmptyDir volumes should support (root,0666,default) [LinuxOnly] [NodeConformance] [Conformance]',
        { user: 0, mode: '0666', shown: '-rw-rw-rw-', medium: '' },
      ],
      [
        '[sig-storage] EmptyDir volumes should support (root,0777,default) [LinuxOnly] [NodeConformance] [Conformance]',
        { user: 0, mode: '0777', shown: '-rwxrwxrwx', medium: '' },
      ],
      [
        '[sig-storage] EmptyDir volumes should support (root,0644,tmpfs) [LinuxOnly] [NodeConformance] [Conformance]',
        { user: 0, mode: '0644', shown: '-rw-r--r--', medium: 'Memory' },
      ],
      [
        '[sig-storage] EmptyDir volumes should support (root,0666,tmpfs) [LinuxOnly] [NodeConformance] [Conformance]',
        { user: 0, mode: '0666', shown: '-rw-rw-rw-', medium: 'Memory' },
      ],
      [
        '[sig-storage] EmptyDir volumes should support (root,0777,tmpfs) [LinuxOnly] [NodeConformance] [Conformance]',
        { user: 0, mode: '0777', shown: '-rwxrwxrwx', medium: 'Memory' },
      ],
      [
        '[sig-storage] EmptyDir volumes should support (non-root,0644,default) [LinuxOnly] [NodeConformance] [Conformance]',
        { user: 1001, mode: '0644', shown: '-rw-r--r--', medium: '' },
      ],
      [
        '[sig-storage] EmptyDir volumes should support (non-root,0666,default) [LinuxOnly] [NodeConformance] [Conformance]',
        { user: 1001, mode: '0666', shown: '-rw-rw-rw-', medium: '' },
      ],
      [
        '[sig-storage] EmptyDir volumes should support (non-root,0777,default) [LinuxOnly] [NodeConformance] [Conformance]',
        { user: 1001, mode: '0777', shown: '-rwxrwxrwx', medium: '' },
      ],
      [
        '[sig-storage] EmptyDir volumes should support (non-root,0644,tmpfs) [LinuxOnly] [NodeConformance] [Conformance]',
        { user: 1001, mode: '0644', shown: '-rw-r--r--', medium: 'Memory' },
      ],
      [
        '[sig-storage] EmptyDir volumes should support (non-root,0666,tmpfs) [LinuxOnly] [NodeConformance] [Conformance]',
        { user: 1001, mode: '0666', shown: '-rw-rw-rw-', medium: 'Memory' },
      ],
      [
        '[sig-storage] EmptyDir volumes should support (non-root,0777,tmpfs) [LinuxOnly] [NodeConformance] [Conformance]',
        { user: 1001, mode: '0777', shown: '-rwxrwxrwx', medium: 'Memory' },
      ],
    ];
    /** The type of file system of a directory. */
    const mountType = (path: string): string => `stat -fc %T ${path}`;

    for (const [behaviour, { user, mode, shown, medium }] of behaviours)
      test(behaviour, async () => {
        const path = '/test-volume/test-file';
        const script = `${mountType('/test-volume')}; echo mount-tester > ${path}; chmod ${mode} ${path}; stat -c "%A %u" ${path}; cat ${path}`;
        const spec = { securityContext: { runAsUser: user } };
        const pod = scripted(script, { volumes: { '/test-volume': { emptyDir: { medium } } }, spec });
        const [type, ...lines] = (await ns.run(pod)).split('\n');
        assert.deepEqual(lines, [`${shown} ${user}`, 'mount-tester', '']);
        assert.equal(type === 'tmpfs', medium === 'Memory');
      });

    const modes: [string, 'Memory' | ''][] = [
      [
        '[sig-storage] EmptyDir volumes volume on default medium should have the correct mode [LinuxOnly] [NodeConformance] [Conformance]',
        '',
      ],
      [
        '[sig-storage] EmptyDir volumes volume on tmpfs should have the correct mode [LinuxOnly] [NodeConformance] [Conformance]',
        'Memory',
      ],
    ];
    for (const [behaviour, medium] of modes)
      test(behaviour, async () => {
        const volumes = { '/test-volume': { emptyDir: { medium } } };
        const [mode, type] = (
          await ns.run(scripted(`stat -c %A /test-volume; ${mountType('/test-volume')}`, { volumes }))
        ).split('\n');
        assert.equal(mode, 'drwxrwxrwx');
        assert.equal(type === 'tmpfs', medium === 'Memory');
      });

    test('[sig-storage] EmptyDir volumes pod should support shared volumes between containers [Conformance]', async () => {
      const volumeMounts = [{ name: 'shared', mountPath: '/usr/share/volumeshare' }];
      const path = '/usr/share/volumeshare/shareddata.txt';
      const reads = `while ! test -s ${path}; do sleep 0.1; done; cat ${path}`;
      const writes = `echo Hello from the busy-box sub-container > ${path}`;
      const pod = scripted('', {
        spec: {
          volumes: [{ name: 'shared', emptyDir: {} }],
          containers: [
            container({ name: 'main', command: ['sh', '-c', reads], volumeMounts }),
            container({ name: 'sub', command: ['sh', '-c', writes], volumeMounts }),
          ],
        },
      });
      assert.equal(await ns.run(pod), 'Hello from the busy-box sub-container\n');
    });
  });

  describe('several volumes in a pod', { concurrency: 6 }, () => {
    test('[sig-storage] EmptyDir wrapper volumes should not conflict [Conformance]', async () => {
      const volumes = { '/etc/secret-volume': ofSecret({}), '/etc/configmap-volume': ofConfigMap({}) };
      const script = 'cat /etc/secret-volume/data-1 /etc/configmap-volume/data-2';
      assert.equal(await ns.run(scripted(script, { volumes })), 'value-1value-2');
    });

    test('[sig-storage] EmptyDir wrapper volumes should not cause race condition when used for configmaps [Serial] [Conformance]', async () => {
      const own = await cluster.namespace('race');
      const names = Array.from({ length: 50 }, (_, at) => `racey-configmap-${at}`);
      await Promise.all(names.map((name) => own.create(configMap(name, { 'data-1': 'value-1' }))));
      const labels = { name: 'wrapped-volume-race' };
      const volumes = names.map((name) => ({ name, configMap: { name, items: [{ key: 'data-1', path: 'data-1' }] } }));
      const volumeMounts = names.map((name) => ({ name, mountPath: `/etc/config-${name}` }));
      const spec = {
        terminationGracePeriodSeconds: 1,
        volumes,
        containers: [container({ volumeMounts, command: ['sh', '-c', 'cat /etc/config-*/data-1; sleep 3600'] })],
      };
      const template = { metadata: { labels }, spec };
      await own.create({
        kind: 'ReplicationController',
        metadata: { name: 'wrapped-volume-race' },
        spec: { replicas: 5, selector: labels, template },
      });
      const { items } = await untilRunning(own, 5);
      for (const { metadata } of items)
        await own.untilLogs(metadata.name, (logs) => assert.equal(logs, 'value-1'.repeat(50)));
      await own.delete('ReplicationController', 'wrapped-volume-race');
    });

    const untilRunning = async (own: ApiNamespace, count: number): Promise<Loose> =>
      until(
        () => own.get('Pod'),
        ({ items }: Loose) =>
          assert.equal(items.filter(({ status }: Loose) => status.phase === 'Running').length, count),
      );

    test('[sig-storage] Projected combined should project all components that make up the projection API [Projection] [NodeConformance] [Conformance]', async () => {
      const sources = [
        { downwardAPI: { items: [{ path: 'podname', fieldRef: { fieldPath: 'metadata.name' } }] } },
        { secret: { name: 'secret', items: [{ key: 'data-1', path: 'secret-data' }] } },
        { configMap: { name: 'config', items: [{ key: 'data-2', path: 'configmap-data' }] } },
      ];
      const volumes = { '/all': { projected: { sources } } };
      const script = 'cd /all; cat podname secret-data configmap-data';
      const pod = scripted(script, { volumes, metadata: { name: 'projected-all' } });
      assert.equal(await ns.run(pod), 'projected-allvalue-1value-2');
    });
  });

  describe('parts of volumes', { concurrency: 6 }, () => {
    const downwardAPI = {
      items: [{ path: 'data-1', fieldRef: { fieldPath: "metadata.labels['content']" } }],
    };
    const behaviours: [string, Fields, string?][] = [
      [
        '[sig-storage] Subpath Atomic writer volumes should support subpaths with configmap pod [Conformance]',
        ofConfigMap({}),
      ],
      [
        '[sig-storage] Subpath Atomic writer volumes should support subpaths with configmap pod with mountPath of existing file [Conformance]',
        ofConfigMap({}),
        '/etc/resolv.conf',
      ],
      [
        '[sig-storage] Subpath Atomic writer volumes should support subpaths with downward pod [Conformance]',
        { downwardAPI },
      ],
      [
        '[sig-storage] Subpath Atomic writer volumes should support subpaths with projected pod [Conformance]',
        projected({ configMap: { name: 'config' } }),
      ],
      [
        '[sig-storage] Subpath Atomic writer volumes should support subpaths with secret pod [Conformance]',
        ofSecret({}),
      ],
    ];
    for (const [behaviour, source, mountPath = '/test-volume'] of behaviours)
      test(behaviour, async () => {
        const pod = scripted(`cat ${mountPath}`, {
          metadata: { labels: { content: 'value-1' } },
          fields: { volumeMounts: [{ name: 'volume', mountPath, subPath: 'data-1' }] },
          spec: { volumes: [{ name: 'volume', ...source }] },
        });
        assert.equal(await ns.run(pod), 'value-1');
      });
  });
});
