/**
 * The API server: the one door to the cluster's state.
 *
 * What lives here: the edge (`http/`, `authn/`, `authz/`, `handlers/`, `encoding/`, `discovery/`, `openapi/`, `proxy/`,
 * `flowcontrol/`, `zpages/`),
 * and behind it the storage (`registry/`, with `strategies/`, `admission/`, `watch-cache/`, and `encryption/` before the
 * store). What comes in: requests over HTTPS, and calls of components in the same process. What goes out: objects, lists,
 * streams of changes, and Statuses.
 *
 * The walk of a request, say `POST /api/v1/namespaces/default/pods`:
 *
 * 1. A `Listener` takes the connection (HTTP/2, HTTP/1.1, upgrades) and makes an `Exchange` of the request.
 * 2. The `filters` pass it on, in the order of their list: an audit id, counting, errors to Statuses, request info (which
 *    resource, which verb), authentication (certificate, token or nobody), impersonation, the time limit, priority
 *    and fairness (`flowcontrol/`: who is served at once, who waits), authorization (node authorizer, then RBAC over the
 *    roles that the registry has now).
 * 3. `dispatch` finds who answers: a path of its own (discovery, OpenAPI, health, metrics), a review, a stream to a node
 *    (logs, exec, proxies: `proxy/` finds the kubelet and hands the bytes over), or a resource of the registry.
 * 4. `readCall` takes HTTP off: query options and the body, in JSON, YAML or protobuf, become a `Call`. `perform` asks the
 *    resource's `Rest`, which decodes, defaults, admits, validates, and writes (see `registry/index.ts`).
 * 5. `encoding/` puts the answer into what the client reads: the stored bytes themselves where that is JSON, else YAML,
 *    protobuf, a Table or bare metadata. A watch's frames are made once for all who watch in the same format.
 *
 * `ApiServer.transport(user)` enters at step 4 after authorization: the same rules, but frozen objects instead of bytes.
 */
export { ApiServer, type ApiServerOptions } from './api-server.ts';
export { Encryption } from './encryption/index.ts';
export type { PolicyObject } from './authz/policy/objects.ts';
export type { ComponentCheck } from './handlers/component-statuses.ts';
export type { StaticToken } from './authn/authenticator.ts';
export type { TlsOptions } from './http/listener.ts';
export type { ClientCertificate, Dial } from './proxy/backend.ts';
