import assert from 'node:assert/strict';
import { test } from 'node:test';
import { causes, defaulted, row, statusCauses } from '../testing/submit.ts';
import { apiServices } from './v1/api-services.ts';

function service(spec: object, name = 'v1.mine.example'): object {
  const base = { group: 'mine.example', version: 'v1', groupPriorityMinimum: 100, versionPriority: 10 };
  return { metadata: { name }, spec: { ...base, ...spec } };
}

test('a service is named after what it serves', () => {
  assert.deepEqual(causes(apiServices, service({})), []);
  assert.deepEqual(causes(apiServices, service({}, 'other')), [
    'metadata.name: Invalid value: "other": must be `spec.version+"."+spec.group`: "v1.mine.example"',
  ]);
  assert.deepEqual(causes(apiServices, service({ group: '', version: 'v2' }, 'v2.')), [
    'spec.group: Required value: only v1 may have an empty group and it better be legacy kube',
  ]);
  assert.deepEqual(causes(apiServices, service({ groupPriorityMinimum: 20_001, versionPriority: 0 })), [
    'spec.groupPriorityMinimum: Invalid value: 20001: must be positive and less than 20000',
    'spec.versionPriority: Invalid value: 0: must be positive and less than 1000',
  ]);
});

test('who serves from here needs no certificate, who serves elsewhere has a Service', () => {
  assert.deepEqual(causes(apiServices, service({ caBundle: 'AAAA', insecureSkipTLSVerify: true })), [
    'spec.caBundle: Invalid value: "3 bytes": local APIServices may not have a caBundle',
    'spec.insecureSkipTLSVerify: Invalid value: true: local APIServices may not have insecureSkipTLSVerify',
  ]);
  const reference = { namespace: 'a', name: 'b' };
  assert.equal(defaulted(apiServices, service({ service: reference })).spec.service?.port, 443);
  assert.deepEqual(
    causes(apiServices, service({ service: { port: 0 }, insecureSkipTLSVerify: true, caBundle: 'AAAA' })),
    [
      'spec.service.namespace: Required value',
      'spec.service.name: Required value',
      'spec.service.port: Invalid value: 0: port is not valid: must be between 1 and 65535, inclusive',
      'spec.insecureSkipTLSVerify: Invalid value: true: may not be true if caBundle is present',
    ],
  );
});

test('conditions are true, false or unknown', () => {
  const status = (text: string): object => ({
    ...service({}),
    status: { conditions: [{ type: 'Available', status: text }] },
  });
  assert.deepEqual(statusCauses(apiServices, status('False'), service({})), []);
  assert.deepEqual(statusCauses(apiServices, status('Perhaps'), service({})), [
    'status.conditions[0].status: Unsupported value: "Perhaps": supported values: "True", "False", "Unknown"',
  ]);
});

test('columns', () => {
  assert.deepEqual(row(apiServices, service({})), {
    Name: 'v1.mine.example',
    Service: 'Local',
    Available: 'Unknown',
    Age: '<unknown>',
  });
  const conditions = [{ type: 'Available', status: 'False', reason: 'MissingEndpoints' }];
  const remote = { ...service({ service: { namespace: 'a', name: 'b' } }), status: { conditions } };
  const { Service: where, Available: available } = row(apiServices, remote);
  assert.deepEqual([where, available], ['a/b', 'False (MissingEndpoints)']);
});
