import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { HttpClient, type Answer, type Json } from './testing/http-client.ts';
import { startTestServer, type TestServer } from './testing/test-server.ts';

const inDefault = '/api/v1/namespaces/default';
const eventsV1 = '/apis/events.k8s.io/v1/namespaces/default/events';
const podTemplate = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } };

/** What upstream's kube-apiserver says of its kinds beside what their types tell. */
suite('Kinds over HTTPS', () => {
  let server: TestServer;
  let admin: HttpClient;

  before(async () => {
    server = await startTestServer();
    admin = new HttpClient(server, await server.certificate('admin', ['system:masters']));
  });

  after(async () => {
    admin[Symbol.dispose]();
    await server[Symbol.asyncDispose]();
  });

  const write = async (method: string, path: string, body: unknown): Promise<Json> => {
    const answer = await admin.ask(`${path}?fieldManager=test`, { method, body });
    assert.ok(answer.status < 300, answer.text);
    return answer.json;
  };
  const create = (path: string, body: unknown): Promise<Json> => write('POST', path, body);

  test('a namespace has the label with its name, whose writer owns it, and no update takes it away', async () => {
    const made = await create('/api/v1/namespaces', { metadata: { name: 'labelled' } });
    const label = { 'kubernetes.io/metadata.name': 'labelled' };
    assert.deepEqual(made.metadata.labels, label);
    const owned = { 'f:metadata': { 'f:labels': { '.': {}, 'f:kubernetes.io/metadata.name': {} } } };
    assert.deepEqual(made.metadata.managedFields[0].fieldsV1, owned);
    const status = await write('PUT', '/api/v1/namespaces/labelled/status', {
      metadata: { name: 'labelled', labels: { x: 'y' } },
    });
    assert.deepEqual(status.metadata.labels, { x: 'y', ...label });
  });

  test('a namespace that is deleted waits for no time', async () => {
    await create('/api/v1/namespaces', { metadata: { name: 'leaving' } });
    const { metadata } = await write('DELETE', '/api/v1/namespaces/leaving', undefined);
    assert.ok(metadata.deletionTimestamp);
    assert.equal(metadata.deletionGracePeriodSeconds, undefined);
  });

  test('a namespace that is not the one meant stays, in the words of its own storage', async () => {
    const { metadata } = await create('/api/v1/namespaces', { metadata: { name: 'another' } });
    const remove = async (preconditions: object): Promise<string> => {
      const { json } = await admin.ask('/api/v1/namespaces/another', { method: 'DELETE', body: { preconditions } });
      return `${json.code} ${json.details.kind} ${json.message}`;
    };
    const failed = '409 namespaces Operation cannot be fulfilled on namespaces "another": Precondition failed';
    assert.equal(await remove({ uid: 'x' }), `${failed}: UID in precondition: x, UID in object meta: ${metadata.uid}`);
    assert.equal(
      await remove({ resourceVersion: '1' }),
      `${failed}: ResourceVersion in precondition: 1, ResourceVersion in object meta: ${metadata.resourceVersion}`,
    );
  });

  for (const [path, body] of [
    [`${inDefault}/endpoints`, {}],
    ['/apis/node.k8s.io/v1/runtimeclasses', { handler: 'h' }],
  ] as const) {
    test(`a PUT to ${path} creates what is not there`, async () => {
      const answer = await admin.ask(`${path}/put`, { method: 'PUT', body: { metadata: { name: 'put' }, ...body } });
      assert.equal(answer.status, 201, answer.text);
    });
  }

  test('a PUT of an object that is gone makes it anew where PUTs create, unless it says which it was', async () => {
    const put = (metadata: object): Promise<Answer> =>
      admin.ask(`${inDefault}/endpoints/gone`, { method: 'PUT', body: { metadata: { name: 'gone', ...metadata } } });
    const refused = await put({ uid: 'u', resourceVersion: '5' });
    const why =
      'StorageError: invalid object, Code: 4, Key: /services/endpoints/default/gone, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: u, UID in object meta: ';
    const message = `Operation cannot be fulfilled on endpoints "gone": ${why}`;
    assert.deepEqual([refused.status, refused.json.message], [409, message]);
    assert.equal((await put({ resourceVersion: '5' })).status, 201);
  });

  test("who creates a DaemonSet owns the annotation that its template's generation has become", async () => {
    const spec = { selector: { matchLabels: { a: 'b' } }, template: podTemplate };
    const { metadata } = await create('/apis/apps/v1/namespaces/default/daemonsets', {
      metadata: { name: 'ds' },
      spec,
    });
    const annotation = 'deprecated.daemonset.template.generation';
    assert.deepEqual(metadata.annotations, { [annotation]: '1' });
    const owned = { 'f:annotations': { '.': {}, [`f:${annotation}`]: {} } };
    assert.deepEqual(metadata.managedFields[0].fieldsV1['f:metadata'], owned);
  });

  test('a default that is the zero value of a field that Go leaves out is left out', async () => {
    const path = `${inDefault}/replicationcontrollers`;
    const { spec } = await create(path, { metadata: { name: 'rc' }, spec: { template: podTemplate } });
    assert.equal(spec.minReadySeconds, undefined);
    assert.equal(spec.replicas, 1);
  });

  suite('events of events.k8s.io', () => {
    const event = {
      metadata: { name: 'ev', namespace: 'default' },
      eventTime: '2026-01-01T00:00:00.000000Z',
      reportingController: 'example.com/c',
      reportingInstance: 'i',
      action: 'A',
      reason: 'R',
      type: 'Normal',
      regarding: { kind: 'Pod', name: 'p', namespace: 'default' },
    };

    test('are owned in the version that they are written in', async () => {
      const [entry] = (await create(eventsV1, event)).metadata.managedFields;
      assert.equal(entry.apiVersion, 'events.k8s.io/v1');
      assert.deepEqual(entry.fieldsV1['f:regarding'], {});
    });

    for (const [what, ask] of [
      ['already exists', () => admin.post(eventsV1, event)],
      ['not found', () => admin.get(`${eventsV1}/none`)],
      ['not found', () => admin.ask(`${eventsV1}/none`, { method: 'DELETE' })],
    ] as const satisfies readonly (readonly [string, () => Promise<Answer>])[]) {
      test(`that are ${what} are told as that group's`, async () => {
        const { json } = await ask();
        assert.match(json.message, new RegExp(`^events\\.events\\.k8s\\.io "\\w+" ${what}$`));
        assert.equal(json.details.group, 'events.k8s.io');
      });
    }
  });

  test('an admission policy is not updated, nor its status, by who has not seen it', async () => {
    const path = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies';
    const rule = { apiGroups: ['x.io'], apiVersions: ['v1'], resources: ['xs'], operations: ['CREATE'] };
    const spec = { matchConstraints: { resourceRules: [rule] }, validations: [{ expression: 'true' }] };
    const { resourceVersion: _seen, ...metadata } = (await create(path, { metadata: { name: 'p' }, spec })).metadata;
    for (const door of ['', '/status']) {
      const { status, json } = await admin.ask(`${path}/p${door}`, { method: 'PUT', body: { metadata, spec } });
      assert.equal(status, 422);
      assert.match(json.message, /metadata.resourceVersion: Invalid value: 0: must be specified for an update$/);
    }
  });

  test('a pod that is bound has the labels of its binding, and tells where its node is', async () => {
    const zone = { 'topology.kubernetes.io/zone': 'z', 'topology.kubernetes.io/region': 'r' };
    await create('/api/v1/nodes', { metadata: { name: 'somewhere', labels: { ...zone, other: 'x' } } });
    await create(`${inDefault}/serviceaccounts`, { metadata: { name: 'default' } });
    const containers = [{ name: 'c', image: 'i' }];
    await create(`${inDefault}/pods`, { metadata: { name: 'bound', labels: { a: 'b' } }, spec: { containers } });
    const status = { nominatedNodeName: 'elsewhere' };
    await write('PUT', `${inDefault}/pods/bound/status`, { metadata: { name: 'bound' }, spec: { containers }, status });
    const metadata = { name: 'bound', labels: { a: 'c' } };
    await create(`${inDefault}/pods/bound/binding`, { metadata, target: { kind: 'Node', name: 'somewhere' } });
    const { json: pod } = await admin.get(`${inDefault}/pods/bound`);
    assert.deepEqual(pod.metadata.labels, { a: 'c', ...zone });
    assert.equal(pod.status.nominatedNodeName, undefined);
    const placed = { metadata: { name: 'placed' }, spec: { containers, nodeName: 'somewhere' } };
    assert.deepEqual((await create(`${inDefault}/pods`, placed)).metadata.labels, zone);
  });

  test('a binding to nothing, or to what is no node, is told in the words of upstream', async () => {
    const target = { kind: 'Pod' };
    const answer = await admin.post(`${inDefault}/pods/p/binding`, { metadata: { name: 'p' }, target });
    const message =
      '[target.kind: Unsupported value: "Pod": supported values: "Node", "<empty>", target.name: Required value]';
    assert.deepEqual([answer.status, answer.json.message], [400, message]);
  });

  test('an eviction of policy/v1beta1 is an eviction', async () => {
    const body = { apiVersion: 'policy/v1beta1', kind: 'Eviction', metadata: { name: 'none' } };
    assert.equal((await admin.post(`${inDefault}/pods/none/eviction`, body)).json.message, 'pods "none" not found');
  });

  test('a Service loses the traffic policies that its new type has no use for', async () => {
    const path = `${inDefault}/services`;
    await create(path, { metadata: { name: 'svc' }, spec: { type: 'NodePort', ports: [{ port: 80 }] } });
    const patch = async (spec: object): Promise<Json> => {
      const headers = { 'content-type': 'application/merge-patch+json' };
      return (await admin.ask(`${path}/svc`, { method: 'PATCH', headers, body: { spec } })).json.spec;
    };
    const inside = await patch({ type: 'ClusterIP' });
    assert.deepEqual([inside.externalTrafficPolicy, inside.internalTrafficPolicy], [undefined, 'Cluster']);
    assert.equal((await patch({ type: 'ExternalName', externalName: 'a.example' })).internalTrafficPolicy, undefined);
  });

  test('a finalizer of nobody is refused through the door for them', async () => {
    await create('/api/v1/namespaces', { metadata: { name: 'finalized' } });
    const body = { metadata: { name: 'finalized' }, spec: { finalizers: ['bad'] } };
    const answer = await admin.ask('/api/v1/namespaces/finalized/finalize', { method: 'PUT', body });
    assert.equal(answer.status, 422, answer.text);
    assert.match(answer.json.message, /spec\.finalizers\[0\]: .* neither a standard finalizer name/);
  });

  for (const [path, selector, code, message] of [
    [`${inDefault}/pods`, 'status.podIPs=x', 200, undefined],
    [
      `${inDefault}/persistentvolumeclaims`,
      'name=x',
      400,
      '"name" is not a known field selector: only "metadata.name", "metadata.namespace"',
    ],
    [
      '/apis/apps/v1/replicasets',
      'status.replicas=1',
      400,
      '"status.replicas" is not a known field selector: only "metadata.name", "metadata.namespace"',
    ],
  ] as const) {
    test(`${path} by ${selector}: ${code}`, async () => {
      const answer = await admin.get(`${path}?fieldSelector=${encodeURIComponent(selector)}`);
      assert.deepEqual([answer.status, answer.json.message], [code, message]);
    });
  }

  for (const [path, code, message] of [
    [
      `${inDefault}/pods?timeout=abc`,
      400,
      'invalid timeout specified in the request URL - time: invalid duration "abc"',
    ],
    [
      `${inDefault}/pods?resourceVersion=abc`,
      400,
      'invalid resource version: resourceVersion: Invalid value: "abc": strconv.ParseUint: parsing "abc": invalid syntax',
    ],
    [
      `${inDefault}/pods/x?resourceVersion=abc`,
      500,
      'resourceVersion: Invalid value: "abc": strconv.ParseUint: parsing "abc": invalid syntax',
    ],
    [`${inDefault}/pods?includeObject=x`, 200, undefined],
  ] as const) {
    test(`${path}: ${code}`, async () => {
      const answer = await admin.get(path);
      assert.deepEqual([answer.status, answer.json.message], [code, message]);
    });
  }

  for (const [what, path, review, causes] of [
    [
      'both',
      'subjectaccessreviews',
      { spec: { user: 'u', resourceAttributes: {}, nonResourceAttributes: { path: '/x' } } },
      [
        'spec.nonResourceAttributes: Invalid value: {"Path":"/x","Verb":""}: cannot be specified in combination with resourceAttributes',
      ],
    ],
    [
      'neither, by nobody',
      'subjectaccessreviews',
      {},
      [
        'spec.resourceAttributes: Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified',
        'spec.user: Invalid value: "": at least one of user or group must be specified',
      ],
    ],
    [
      'two selectors',
      'selfsubjectaccessreviews',
      {
        spec: {
          resourceAttributes: {
            fieldSelector: { rawSelector: 'a=b', requirements: [{ key: 'a', operator: 'In', values: ['b'] }] },
          },
        },
      },
      [
        'spec.resourceAttributes.fieldSelector.rawSelector: Invalid value: "a=b": may not specified at the same time as requirements',
      ],
    ],
    [
      'a name',
      'selfsubjectaccessreviews',
      { metadata: { name: 'x' }, spec: { resourceAttributes: {} } },
      ['metadata: Invalid value: {"name":"x"}: must be empty'],
    ],
    [
      'another namespace',
      'namespaces/default/localsubjectaccessreviews',
      { spec: { user: 'u', resourceAttributes: { namespace: 'n' } } },
      ['spec.resourceAttributes.namespace: Invalid value: "n": must match metadata.namespace'],
    ],
  ] as const) {
    test(`an access review with ${what} is refused`, async () => {
      const { status, json } = await admin.post(`/apis/authorization.k8s.io/v1/${path}`, review);
      const words = causes.length > 1 ? `[${causes.join(', ')}]` : causes.join('');
      assert.deepEqual([status, json.message], [422, `.authorization.k8s.io "" is invalid: ${words}`]);
    });
  }

  test("the audience of a token is told by its review, the server's own where nobody asked for one", async () => {
    const path = `${inDefault}/serviceaccounts`;
    await create(path, { metadata: { name: 'asked' } });
    const { status } = await create(`${path}/asked/token`, {});
    const review = await create('/apis/authentication.k8s.io/v1/tokenreviews', { spec: { token: status.token } });
    assert.deepEqual(review.status.audiences, ['https://kubernetes.default.svc.cluster.local']);
  });

  test('what is behind gates that are closed is dropped: of StatefulSets and of Leases', async () => {
    const rollingUpdate = { partition: 1, maxUnavailable: 1 };
    const spec = { selector: { matchLabels: { a: 'b' } }, template: podTemplate, updateStrategy: { rollingUpdate } };
    const set = await create('/apis/apps/v1/namespaces/default/statefulsets', { metadata: { name: 'set' }, spec });
    assert.deepEqual(set.spec.updateStrategy.rollingUpdate, { partition: 1 });
    const coordinated = { holderIdentity: 'h', strategy: 'OldestEmulationVersion', preferredHolder: 'p' };
    const path = '/apis/coordination.k8s.io/v1/namespaces/default/leases';
    const lease = await create(path, { metadata: { name: 'lease' }, spec: coordinated });
    assert.deepEqual(lease.spec, { holderIdentity: 'h' });
  });

  test('a gated pod tells since when it is', async () => {
    await admin.post(`${inDefault}/serviceaccounts`, { metadata: { name: 'default' } });
    const spec = { ...podTemplate.spec, schedulingGates: [{ name: 'g' }] };
    const made = await create(`${inDefault}/pods`, { metadata: { name: 'gated' }, spec });
    const { lastTransitionTime, reason } = made.status.conditions[0];
    assert.deepEqual([reason, lastTransitionTime], ['SchedulingGated', made.metadata.creationTimestamp]);
  });

  test('a service account keeps of its secrets the names', async () => {
    const secrets = [{ name: 's', namespace: 'n', kind: 'Secret', uid: 'u' }];
    const made = await create(`${inDefault}/serviceaccounts`, { metadata: { name: 'named' }, secrets });
    assert.deepEqual(made.secrets, [{ name: 's' }]);
  });

  for (const [what, path, body, causes] of [
    [
      'a ReplicationController that finds none of its pods',
      `${inDefault}/replicationcontrollers`,
      { spec: { selector: { a: 'Bad Value!' }, template: podTemplate } },
      ['spec.template.metadata.labels: Invalid value: {"a":"b"}: `selector` does not match template `labels`'],
    ],
    [
      'a Node with features out of order',
      '/api/v1/nodes',
      { status: { declaredFeatures: ['B', 'A', 'A'] } },
      [
        'status.declaredFeatures[1]: Invalid value: "A": list must be sorted alphabetically',
        'status.declaredFeatures[2]: Duplicate value: "A"',
      ],
    ],
    [
      'an old event in the new version',
      eventsV1,
      {
        metadata: { name: 'refused', namespace: 'default' },
        regarding: { namespace: 'default' },
        deprecatedCount: 1,
        series: { count: 1, lastObservedTime: '2026-01-01T00:00:00.000000Z' },
      },
      [
        'series.count: Invalid value: "": should be at least 2',
        'eventTime: Required value',
        'type: Invalid value: "": has invalid value: ',
        'count: Invalid value: "": needs to be unset',
      ],
    ],
  ] as const) {
    test(`${what} is refused`, async () => {
      const answer = await admin.post(path, { metadata: { name: 'refused' }, ...body });
      assert.equal(answer.status, 422, answer.text);
      const told = answer.json.details.causes.map((one: Json) => `${one.field}: ${one.message}`);
      assert.deepEqual(told, causes);
    });
  }

  test('an event changes nothing but its series in the new version', async () => {
    const event = {
      metadata: { name: 'serial', namespace: 'default' },
      eventTime: '2026-01-01T00:00:00.000000Z',
      reportingController: 'example.com/c',
      reportingInstance: 'i',
      action: 'A',
      reason: 'R',
      type: 'Normal',
      regarding: { kind: 'Pod', name: 'p', namespace: 'default' },
    };
    await create(eventsV1, event);
    const series = { count: 2, lastObservedTime: '2026-01-01T00:00:01.000000Z' };
    await write('PUT', `${eventsV1}/serial`, { ...event, series });
    const answer = await admin.ask(`${eventsV1}/serial`, { method: 'PUT', body: { ...event, reason: 'Other' } });
    assert.match(
      answer.json.message,
      /^Event "serial" is invalid: reason: Invalid value: "Other": field is immutable$/,
    );
  });
});
