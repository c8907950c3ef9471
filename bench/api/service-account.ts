import { ApiConnection } from '../api-connection.ts';
import { until } from '../until.ts';
import { podsIn, type Subject } from './subject.ts';

const rbac = '/apis/rbac.authorization.k8s.io/v1';
const name = 'bench';

/** A connection as a service account with a token, which a role of its namespace allows to read pods. */
export async function serviceAccountIn(subject: Subject, namespace: string): Promise<ApiConnection> {
  const { connection, access } = subject;
  const post = (path: string, object: object): Promise<Buffer> => connection.post(path, JSON.stringify(object));
  const accounts = `/api/v1/namespaces/${namespace}/serviceaccounts`;
  await post(accounts, { metadata: { name } });
  const rules = [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] }];
  await post(`${rbac}/namespaces/${namespace}/roles`, { metadata: { name }, rules });
  await post(`${rbac}/namespaces/${namespace}/rolebindings`, {
    metadata: { name },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
    subjects: [{ kind: 'ServiceAccount', name, namespace }],
  });
  const answer = await post(`${accounts}/${name}/token`, { spec: {} });
  const { status } = JSON.parse(answer.toString()) as { status: { token: string } }; // as the API says
  const { cert: _cert, key: _key, ...anonymous } = access;
  const account = await ApiConnection.open({ ...anonymous, token: status.token });
  await until('a role should be in force', subject.options.signal, async () => {
    await account.get(`${podsIn(namespace)}?limit=1`);
    return true;
  });
  return account;
}
