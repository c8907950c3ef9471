import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forbiddenError, pathAttributes, type Attributes } from './attributes.ts';
import { policyObjects } from './policy/objects.ts';
import { RbacAuthorizer, rulesWithAggregated, type BindingObject, type RoleObject, type RoleSource } from './rbac.ts';
import { ruleAllows } from './rules.ts';

const defaults = policyObjects();
const byKind = (kind: string) => defaults.filter((object) => object.kind === kind);

function source(
  extra: { bindings?: BindingObject[]; roles?: RoleObject[]; clusterRoles?: RoleObject[] } = {},
): RoleSource {
  const clusterRoles: RoleObject[] = [...byKind('ClusterRole'), ...(extra.clusterRoles ?? [])];
  return {
    version: 0,
    clusterRole: (name) => clusterRoles.find(({ metadata }) => metadata.name === name),
    clusterRoles: () => clusterRoles,
    role: (ns, name) => extra.roles?.find(({ metadata }) => metadata.name === name && metadata.namespace === ns),
    clusterRoleBindings: () => byKind('ClusterRoleBinding') as BindingObject[],
    roleBindings: (ns) => (extra.bindings ?? []).filter(({ metadata }) => metadata.namespace === ns),
  };
}

function ask(who: { name?: string; groups?: string[] }, line: string): Attributes {
  const [verb = '', target = '', namespace = '', name = ''] = line.split(' ');
  const [whole = '', subresource = ''] = target.split('/');
  const [resource = '', ...group] = whole.split('.');
  const user = { name: who.name ?? 'x', groups: who.groups ?? [] };
  const place = { group: group.join('.'), version: 'v1', resource, subresource, namespace, name };
  return { user, verb, isResourceRequest: true, path: '', ...place };
}

test('the words of a refusal', () => {
  const error = forbiddenError(ask({}, 'list pods y'), '');
  assert.equal(
    error.message,
    'pods is forbidden: User "x" cannot list resource "pods" in API group "" in the namespace "y"',
  );
  assert.equal(error.code, 403);
  assert.equal(
    forbiddenError(ask({}, 'update deployments.apps/scale y web'), 'because').message,
    'deployments.apps "web" is forbidden: User "x" cannot update resource "deployments/scale" in API group "apps" in the namespace "y": because',
  );
  assert.equal(
    forbiddenError(ask({ name: '<b>' }, 'get nodes'), '').message,
    'nodes is forbidden: User "&lt;b&gt;" cannot get resource "nodes" in API group "" at the cluster scope',
  );
  const path = pathAttributes({ name: 'x', groups: [] }, 'get', '/metrics');
  assert.equal(forbiddenError(path, '').message, 'forbidden: User "x" cannot get path "/metrics"');
});

test('what a user may is what roles and bindings say now', () => {
  const role = {
    metadata: { name: 'r', namespace: 'y' },
    rules: [{ verbs: ['get'], apiGroups: [''], resources: ['pods'] }],
  };
  const binding = {
    metadata: { name: 'b', namespace: 'y' },
    roleRef: { kind: 'Role', name: 'r' },
    subjects: [{ kind: 'User', name: 'x' }],
  };
  const table = { roles: [role], bindings: [binding] };
  let version = 1;
  const rbac = new RbacAuthorizer({
    ...source(table),
    get version() {
      return version;
    },
  });
  const wish = ask({}, 'get pods y a'); // the same user object each time
  assert.ok(rbac.authorize(wish).allowed);
  table.bindings.pop();
  version++;
  assert.ok(!rbac.authorize(wish).allowed);
  table.bindings.push(binding);
  version++;
  assert.equal(rbac.authorize(wish).reason, 'RBAC: allowed by RoleBinding "b/y" of Role "r" to User "x"');
  role.rules = [];
  version++;
  assert.ok(!rbac.authorize(wish).allowed);
});

test('a rule matches by verb, group, resource, subresource and name', () => {
  const rule = { verbs: ['get'], apiGroups: [''], resources: ['pods', '*/scale', 'pods/log'], resourceNames: ['a'] };
  assert.ok(ruleAllows(rule, ask({}, 'get pods y a')));
  assert.ok(ruleAllows(rule, ask({}, 'get pods/log y a')));
  assert.ok(ruleAllows(rule, ask({}, 'get replicationcontrollers/scale y a')));
  assert.ok(!ruleAllows(rule, ask({}, 'get pods/exec y a')));
  assert.ok(!ruleAllows(rule, ask({}, 'get pods y b')));
  assert.ok(!ruleAllows(rule, ask({}, 'list pods y')));
  assert.ok(!ruleAllows(rule, ask({}, 'get pods.apps y a')));
  const urls = { verbs: ['get'], nonResourceURLs: ['/healthz/*', '/version'] };
  assert.ok(ruleAllows(urls, pathAttributes({ name: '', groups: [] }, 'get', '/healthz/etcd')));
  assert.ok(!ruleAllows(urls, pathAttributes({ name: '', groups: [] }, 'get', '/versions')));
});

test('the default bindings let each component do its work', () => {
  const rbac = new RbacAuthorizer(source());
  const allowed = (who: { name?: string; groups?: string[] }, line: string): boolean =>
    rbac.authorize(ask(who, line)).allowed;
  assert.ok(allowed({ groups: ['system:masters'] }, 'delete secrets kube-system x'));
  assert.ok(allowed({ name: 'system:kube-scheduler' }, 'create pods/binding y x'));
  assert.ok(!allowed({ name: 'system:kube-scheduler' }, 'create deployments.apps y'));
  assert.ok(allowed({ name: 'system:kube-proxy' }, 'watch services'));
  assert.ok(allowed({ name: 'system:serviceaccount:kube-system:replicaset-controller' }, 'create pods y'));
  assert.ok(!allowed({ name: 'system:serviceaccount:default:default' }, 'get pods y x'));
  assert.ok(allowed({ groups: ['system:authenticated'] }, 'create selfsubjectaccessreviews.authorization.k8s.io'));
  const anonymous = { name: 'system:anonymous', groups: ['system:unauthenticated'] };
  assert.ok(rbac.authorize(pathAttributes(anonymous, 'get', '/version')).allowed);
  assert.ok(!rbac.authorize(pathAttributes(anonymous, 'get', '/api')).allowed);
});

test('admin gathers edit, which gathers view, which gathers what carries the label', () => {
  const crd = {
    metadata: { name: 'more', labels: { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' } },
    rules: [{ verbs: ['get'], apiGroups: ['example.org'], resources: ['boats'] }],
  };
  const roles = source({ clusterRoles: [crd] });
  const admin = roles.clusterRole('admin')!;
  const rules = rulesWithAggregated(admin, roles);
  const allows = (line: string): boolean => rules.some((rule) => ruleAllows(rule, ask({}, line)));
  assert.ok(allows('get boats.example.org y b'));
  assert.ok(allows('create deployments.apps y'));
  assert.ok(allows('create roles.rbac.authorization.k8s.io y'));
  assert.ok(!allows('update nodes'));
});

test('a role binding reaches into its own namespace only', () => {
  const binding: BindingObject = {
    metadata: { name: 'b', namespace: 'y' },
    roleRef: { kind: 'ClusterRole', name: 'view' },
    subjects: [{ kind: 'ServiceAccount', name: 'robot', namespace: 'z' }],
  };
  const rbac = new RbacAuthorizer(source({ bindings: [binding] }));
  const robot = { name: 'system:serviceaccount:z:robot' };
  const decision = rbac.authorize(ask(robot, 'list pods y'));
  assert.deepEqual(decision, {
    allowed: true,
    reason: 'RBAC: allowed by RoleBinding "b/y" of ClusterRole "view" to ServiceAccount "robot/z"',
  });
  assert.ok(!rbac.authorize(ask(robot, 'list pods z')).allowed);
  assert.ok(!rbac.authorize(ask(robot, 'list pods')).allowed);
  assert.ok(!rbac.authorize(ask(robot, 'list secrets y')).allowed);
});
