/**
 * The control loops: each watches one kind of object and brings the world in line with it, one folder or file a loop.
 *
 * A person applies a Deployment. The `deployment` loop makes a ReplicaSet of its template, the `replica-set` loop makes
 * Pods of that (and of ReplicationControllers); a scheduler and kubelets, elsewhere, do the rest, and `endpoint-slice` lists the pods that serve behind
 * each Service. A new template: `deployment` grows a second ReplicaSet and shrinks the first, step by step. The person
 * deletes the Deployment: `garbage-collector` finds that nobody owns the ReplicaSets, then the Pods. A namespace is
 * emptied by `namespace`; a fresh one gets its account and CA from `service-account` and `root-ca-publisher`. A node
 * gets its pod addresses from `node-ipam`; when it falls silent, `node-lifecycle` says so and drives its pods away, and
 * when it is gone for good, `pod-gc` clears up. What is in use (claims, volumes) `protection` holds back from its end,
 * `resource-quota` counts what a namespace uses, and `disruption` how many pods of a budget may be evicted.
 *
 * All loops are level-triggered: news only says which object to look at, `reconcile(key)` reads listers, decides (pure
 * functions in `plan.ts` and the like) and writes. They share one set of informers and never call each other.
 *
 * What comes in: a client, a clock, randomness, a log. What goes out: writes and Events through the client.
 */
export type { CertificateAuthority } from './certificates/authority.ts';
export { ControllerManager, type ControllerManagerOptions } from './controller-manager.ts';
