import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConfigMap, Container, Pod, Secret, Service } from '#api';
import { notFound } from '#machinery';
import { containerEnvironment, type EnvContext } from './container-env.ts';
import { serviceVariables, visibleServices } from './service-env.ts';

const pod = {
  metadata: { name: 'web', namespace: 'shop', uid: 'u1', labels: { app: 'web' }, annotations: { note: 'a "b"' } },
  spec: { serviceAccountName: 'robot', containers: [] },
  status: {},
} as unknown as Pod;
const configMap = { metadata: {}, data: { COLOR: 'blue', 'not=valid': 'x' } } as unknown as ConfigMap;
const secret = { metadata: {}, data: { password: Buffer.from('s3cret').toString('base64') } } as unknown as Secret;
const invalid: string[] = [];
const context: EnvContext = {
  pod,
  nodeName: 'node-1',
  hostIps: ['172.18.0.2'],
  podIps: ['10.1.0.4', 'fd00::4'],
  objects: {
    configMap: async (_namespace, name) => {
      if (name !== 'settings') throw notFound({ group: '', plural: 'configmap' }, name);
      return configMap;
    },
    secret: async () => secret,
  },
  services: new Map([['DB_PORT', 'tcp://10.96.0.7:5432']]),
  allocatable: { cpu: '4', memory: '8Gi' },
  invalidNames: (_kind, _name, keys) => invalid.push(...keys),
};

async function environment(container: Partial<Container>): Promise<Record<string, string>> {
  const made = await containerEnvironment({ name: 'main', ...container }, context);
  return Object.fromEntries(made);
}

const field = (fieldPath: string): NonNullable<Container['env']>[number]['valueFrom'] => ({ fieldRef: { fieldPath } });

test('variables come from fields, resources, ConfigMaps and Secrets', async () => {
  const made = await environment({
    resources: { limits: { memory: '1Gi' }, requests: { cpu: '250m' } },
    envFrom: [{ prefix: 'X_', configMapRef: { name: 'settings' } }],
    env: [
      { name: 'NAME', valueFrom: field('metadata.name') },
      { name: 'APP', valueFrom: field("metadata.labels['app']") },
      { name: 'IPS', valueFrom: field('status.podIPs') },
      { name: 'HOST', valueFrom: field('status.hostIP') },
      { name: 'SA', valueFrom: field('spec.serviceAccountName') },
      { name: 'MEMORY', valueFrom: { resourceFieldRef: { resource: 'limits.memory', divisor: '1Mi' } } },
      { name: 'CPUS', valueFrom: { resourceFieldRef: { resource: 'limits.cpu' } } },
      { name: 'REQUEST', valueFrom: { resourceFieldRef: { resource: 'requests.cpu', divisor: '1m' } } },
      { name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 's', key: 'password' } } },
      { name: 'ABSENT', valueFrom: { configMapKeyRef: { name: 'none', key: 'k', optional: true } } },
      { name: 'ALL', value: '$(X_COLOR) $(NAME) $(DB_PORT) $(LATER) $$(NAME)' },
      { name: 'LATER', value: 'late' },
    ],
  });
  assert.deepEqual(made, {
    X_COLOR: 'blue',
    NAME: 'web',
    APP: 'web',
    IPS: '10.1.0.4,fd00::4',
    HOST: '172.18.0.2',
    SA: 'robot',
    MEMORY: '1024',
    CPUS: '4',
    REQUEST: '250',
    PASSWORD: 's3cret',
    ALL: 'blue web tcp://10.96.0.7:5432 $(LATER) $(NAME)',
    LATER: 'late',
    DB_PORT: 'tcp://10.96.0.7:5432',
  });
  assert.deepEqual(invalid, ['X_not=valid']);
});

test("what is missing is told in upstream's words", async () => {
  const from = (valueFrom: NonNullable<Container['env']>[number]['valueFrom']): Promise<unknown> =>
    environment({ env: [{ name: 'A', valueFrom }] });
  await assert.rejects(from({ configMapKeyRef: { name: 'none', key: 'k' } }), {
    message: 'configmap "none" not found',
  });
  await assert.rejects(from({ configMapKeyRef: { name: 'settings', key: 'k' } }), {
    message: "couldn't find key k in ConfigMap shop/settings",
  });
  await assert.rejects(from({ secretKeyRef: { name: 's', key: 'k' } }), {
    message: "couldn't find key k in Secret shop/s",
  });
  await assert.rejects(from(field('metadata.nope')), { message: 'unsupported fieldPath: metadata.nope' });
});

test('services of the namespace and the API server are told of', () => {
  const service = (namespace: string, name: string, clusterIP: string): Service =>
    ({ metadata: { namespace, name }, spec: { clusterIP, ports: [{ name: 'web', port: 80 }] } }) as unknown as Service;
  const all = [
    service('shop', 'my-db', '10.96.0.7'),
    service('shop', 'headless', 'None'),
    service('default', 'kubernetes', '10.96.0.1'),
    service('other', 'x', '10.96.0.9'),
  ];
  const names = (links: boolean): string[] => [...serviceVariables(visibleServices(all, 'shop', links)).keys()];
  assert.deepEqual(
    names(true).filter((name) => name.startsWith('MY_DB')),
    [
      'MY_DB_SERVICE_HOST',
      'MY_DB_SERVICE_PORT',
      'MY_DB_SERVICE_PORT_WEB',
      'MY_DB_PORT',
      'MY_DB_PORT_80_TCP',
      'MY_DB_PORT_80_TCP_PROTO',
      'MY_DB_PORT_80_TCP_PORT',
      'MY_DB_PORT_80_TCP_ADDR',
    ],
  );
  assert.ok(!names(true).some((name) => /HEADLESS|^X_/.test(name)));
  assert.ok(names(false).every((name) => name.startsWith('KUBERNETES_')));
});
