import assert from 'node:assert/strict';
import { test } from 'node:test';
import { causes, defaulted, row } from '../testing/submit.ts';
import { ingressClasses } from './v1/ingress-classes.ts';
import { validateIngressStatus } from './v1/ingress-validation.ts';
import { ingresses } from './v1/ingresses.ts';
import { ipAddresses } from './v1/ip-addresses.ts';
import { networkPolicies } from './v1/network-policies.ts';
import { serviceCIDRs } from './v1/service-cidrs.ts';
import { FieldErrors } from '#machinery';

const metadata = { name: 'one', namespace: 'default' };
const service = (port: object): object => ({ service: { name: 'web', port } });
const backend = service({ number: 80 });

function ingress(spec: object, annotations = {}): object {
  return { metadata: { ...metadata, annotations }, spec: { defaultBackend: backend, ...spec } };
}

function withPath(one: object): object {
  return ingress({ rules: [{ http: { paths: [{ path: '/', pathType: 'Prefix', backend, ...one }] } }] });
}

test('an ingress leads somewhere', () => {
  assert.deepEqual(causes(ingresses, ingress({})), []);
  assert.deepEqual(causes(ingresses, { metadata, spec: {} }), [
    'spec: Invalid value: null: either `defaultBackend` or `rules` must be specified',
  ]);
  const cases: [object, string][] = [
    [{}, 'spec.defaultBackend: Invalid value: "": resource or service backend is required'],
    [service({}), 'spec.defaultBackend: Required value: port name or number is required'],
    [
      service({ name: 'a', number: 1 }),
      'spec.defaultBackend: Invalid value: "": cannot set both port name & port number',
    ],
    [
      service({ number: 70_000 }),
      'spec.defaultBackend.service.port.number: Invalid value: 70000: must be between 1 and 65535, inclusive',
    ],
    [{ service: { name: '', port: { number: 1 } } }, 'spec.defaultBackend.service.name: Required value'],
    [
      { ...service({ number: 1 }), resource: { kind: 'K', name: 'n' } },
      'spec.defaultBackend: Invalid value: "": cannot set both resource and service backends',
    ],
    [{ resource: { kind: '', name: 'n' } }, 'spec.defaultBackend.resource.kind: Required value'],
    [
      { resource: { kind: 'K', name: 'a/b' } },
      'spec.defaultBackend.resource.name: Invalid value: "a/b": may not contain \'/\'',
    ],
  ];
  for (const [defaultBackend, why] of cases) assert.deepEqual(causes(ingresses, ingress({ defaultBackend })), [why]);
});

test('paths say how they are compared, and have one way to be written', () => {
  assert.deepEqual(causes(ingresses, withPath({})), []);
  assert.deepEqual(causes(ingresses, withPath({ pathType: 'ImplementationSpecific', path: '' })), []);
  const at = 'spec.rules[0].http.paths[0]';
  assert.deepEqual(causes(ingresses, withPath({ pathType: undefined })), [
    `${at}.pathType: Required value: pathType must be specified`,
  ]);
  assert.deepEqual(causes(ingresses, withPath({ pathType: 'Regex' })), [
    `${at}.pathType: Unsupported value: "Regex": supported values: "Exact", "ImplementationSpecific", "Prefix"`,
  ]);
  assert.deepEqual(causes(ingresses, withPath({ path: 'a//b/..' })), [
    `${at}.path: Invalid value: "a//b/..": must be an absolute path`,
    `${at}.path: Invalid value: "a//b/..": must not contain '//'`,
    `${at}.path: Invalid value: "a//b/..": cannot end with '/..'`,
  ]);
  assert.deepEqual(causes(ingresses, ingress({ rules: [{ http: {} }] })), ['spec.rules[0].http.paths: Required value']);
});

test('hosts are names', () => {
  const hosts = (host: string): string[] => causes(ingresses, ingress({ rules: [{ host }], tls: [{ hosts: [host] }] }));
  assert.deepEqual(hosts('*.example.org'), []);
  assert.deepEqual(hosts('10.0.0.1'), [
    'spec.rules[0].host: Invalid value: "10.0.0.1": must be a DNS name, not an IP address',
  ]);
  assert.match(
    hosts('a.*.b').join(),
    /spec.rules\[0\].host: Invalid value: "a.\*.b": a wildcard DNS-1123 subdomain must/,
  );
});

test('the two ways to name a class agree', () => {
  const annotations = { 'kubernetes.io/ingress.class': 'old' };
  assert.deepEqual(causes(ingresses, ingress({ ingressClassName: 'old' }, annotations)), []);
  const other = ingress({ ingressClassName: 'new' }, annotations);
  assert.deepEqual(causes(ingresses, other), [
    'annotations.kubernetes.io/ingress.class: Invalid value: "old": must match `ingressClassName` when both are specified',
  ]);
  assert.deepEqual(causes(ingresses, other, other), []);
});

test('an ingress is reached at an address or a name', () => {
  const status = (one: object): ReturnType<typeof defaulted<InstanceType<typeof ingresses.kind>>> =>
    defaulted(ingresses, { metadata, status: { loadBalancer: { ingress: [one] } } });
  const errors = new FieldErrors();
  validateIngressStatus(status({ ip: 'x', hostname: '10.0.0.1' }), errors, status({}));
  assert.deepEqual(
    errors.list.map(({ field, message }) => `${field}: ${message}`),
    [
      'status.loadBalancer.ingress[0].ip: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
      'status.loadBalancer.ingress[0].hostname: Invalid value: "10.0.0.1": must be a DNS name, not an IP address',
    ],
  );
});

test('a class has a controller for ever, and its parameters live where they say', () => {
  const ingressClass = (spec: object): object => ({ metadata: { name: 'one' }, spec });
  const parameters = { kind: 'K', name: 'n' };
  const good = ingressClass({ controller: 'acme.io/a', parameters });
  assert.equal(defaulted(ingressClasses, good).spec.parameters?.scope, 'Cluster');
  assert.deepEqual(causes(ingressClasses, good), []);
  assert.deepEqual(causes(ingressClasses, ingressClass({})), ['spec.controller: Required value']);
  assert.deepEqual(causes(ingressClasses, ingressClass({ controller: 'acme' })), [
    'spec.controller: Invalid value: "acme": must be a domain-prefixed path (such as "acme.io/foo")',
  ]);
  assert.deepEqual(causes(ingressClasses, ingressClass({ controller: 'acme.io/b', parameters }), good), [
    'spec.controller: Invalid value: "acme.io/b": field is immutable',
  ]);
  const scoped = (more: object): string[] =>
    causes(ingressClasses, ingressClass({ controller: 'acme.io/a', parameters: { ...parameters, ...more } }));
  assert.deepEqual(scoped({ scope: 'Namespace' }), [
    "spec.parameters.namespace: Required value: `parameters.scope` is set to 'Namespace'",
  ]);
  assert.deepEqual(scoped({ namespace: 'a' }), [
    "spec.parameters.namespace: Forbidden: `parameters.scope` is set to 'Cluster'",
  ]);
  assert.deepEqual(scoped({ scope: 'World' }), [
    'spec.parameters.scope: Unsupported value: "World": supported values: "Cluster", "Namespace"',
  ]);
});

test('a network policy speaks of ingress, and of egress where it has such rules', () => {
  const policy = (spec: object): object => ({ metadata, spec });
  const ports = [{ port: 80 }];
  assert.deepEqual(defaulted(networkPolicies, policy({ ingress: [{ ports }] })).spec, {
    podSelector: {},
    ingress: [{ ports: [{ protocol: 'TCP', port: 80 }] }],
    policyTypes: ['Ingress'],
  });
  assert.deepEqual(defaulted(networkPolicies, policy({ egress: [{}] })).spec.policyTypes, ['Ingress', 'Egress']);
  const cases: [object, string][] = [
    [
      { ports: [{ endPort: 1 }] },
      'ports[0].endPort: Invalid value: 1: may not be specified when `port` is not specified',
    ],
    [
      { ports: [{ port: 'a', endPort: 1 }] },
      'ports[0].endPort: Invalid value: 1: may not be specified when `port` is non-numeric',
    ],
    [
      { ports: [{ port: 9, endPort: 8 }] },
      'ports[0].endPort: Invalid value: 9: must be greater than or equal to `port`',
    ],
    [{ from: [{}] }, 'from[0]: Required value: must specify a peer'],
    [
      { from: [{ ipBlock: { cidr: '10.0.0.0/8' }, podSelector: {} }] },
      'from[0]: Forbidden: may not specify both ipBlock and another peer',
    ],
    [{ from: [{ ipBlock: { cidr: '' } }] }, 'from[0].ipBlock.cidr: Required value'],
    [
      { from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.0.0.0/8'] } }] },
      'from[0].ipBlock.except[0]: Invalid value: "10.0.0.0/8": must be a strict subset of `cidr`',
    ],
    [
      { from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['2001:db8::/64'] } }] },
      'from[0].ipBlock.except[0]: Invalid value: "2001:db8::/64": must be a strict subset of `cidr`',
    ],
  ];
  for (const [rule, why] of cases) {
    assert.deepEqual(causes(networkPolicies, policy({ ingress: [rule] })), [`spec.ingress[0].${why}`]);
  }
});

test('an address belongs to one object for ever', () => {
  const address = (parentRef: object): object => ({ metadata: { name: '10.0.0.1' }, spec: { parentRef } });
  const good = address({ resource: 'services', namespace: 'a', name: 'b' });
  assert.deepEqual(causes(ipAddresses, good), []);
  assert.deepEqual(causes(ipAddresses, { metadata: { name: '10.0.0.1' } }), ['spec.parentRef: Required value']);
  assert.deepEqual(causes(ipAddresses, address({})), [
    'spec.parentRef.resource: Required value',
    'spec.parentRef.name: Required value',
  ]);
  assert.match(causes(ipAddresses, address({ resource: 'services', name: 'c' }), good).join(), /field is immutable/);
  assert.deepEqual(row(ipAddresses, good), { Name: '10.0.0.1', ParentRef: 'services/a/b' });
});

test('a range of addresses grows a second family and changes in no other way', () => {
  const range = (...cidrs: string[]): object => ({ metadata: { name: 'one' }, spec: { cidrs } });
  const [v4, v6] = ['10.0.0.0/16', 'fd00::/108'];
  assert.deepEqual(causes(serviceCIDRs, range(v4, v6)), []);
  assert.deepEqual(causes(serviceCIDRs, range()), ['spec.cidrs: Required value: at least one CIDR required']);
  assert.match(
    causes(serviceCIDRs, range(v4, '10.1.0.0/16')).join(),
    /may specify no more than one IP for each IP family/,
  );
  assert.deepEqual(causes(serviceCIDRs, range('10.0.0.1/16')), [
    'spec.cidrs[0]: Invalid value: "10.0.0.1/16": must not have bits set beyond the prefix length',
  ]);
  assert.deepEqual(causes(serviceCIDRs, range(v4, v6), range(v4)), []);
  assert.deepEqual(causes(serviceCIDRs, range(v6), range(v4)), [
    'spec.cidrs[0]: Invalid value: "fd00::/108": field is immutable',
  ]);
  assert.deepEqual(causes(serviceCIDRs, range(v4), range(v4, v6)), [
    'spec.cidrs: Invalid value: ["10.0.0.0/16"]: field is immutable',
  ]);
});

test('what kubectl get shows of networking', () => {
  const rules = ['a', 'b', 'c', 'd'].map((host) => ({ host }));
  const loadBalancer = { ingress: [{ hostname: 'balancer.example.org' }, { ip: '10.0.0.1' }] };
  const shown = row(ingresses, { metadata, spec: { rules, tls: [{}] }, status: { loadBalancer } });
  assert.deepEqual(shown, {
    Name: 'one',
    Class: '<none>',
    Hosts: 'a,b,c + 1 more...',
    Address: '10.0.0.1,bala...',
    Ports: '80, 443',
    Age: '<unknown>',
  });
  assert.equal(row(ingresses, ingress({ ingressClassName: 'nginx' }))['Class'], 'nginx');
  assert.equal(row(ingresses, ingress({}))['Hosts'], '*');
  const parameters = { apiGroup: 'acme.io', kind: 'Settings', name: 'x' };
  const classRow = row(ingressClasses, { metadata, spec: { controller: 'acme.io/a', parameters } });
  assert.equal(classRow['Parameters'], 'Settings.acme.io/x');
  const podSelector = { matchLabels: { app: 'web' }, matchExpressions: [{ key: 'tier', operator: 'Exists' }] };
  assert.equal(row(networkPolicies, { metadata, spec: { podSelector } })['Pod-Selector'], 'app=web,tier');
  assert.equal(row(networkPolicies, { metadata })['Pod-Selector'], '<none>');
  assert.equal(row(serviceCIDRs, { metadata, spec: { cidrs: ['a', 'b'] } })['CIDRs'], 'a,b');
});
