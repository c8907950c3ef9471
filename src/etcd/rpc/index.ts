/** The messages and services of etcd's v3 protocol (`api/etcdserverpb/rpc.proto` of etcd 3.6), each declared once. */
export * from './kv.ts';
export * from './watch.ts';
export * from './lease.ts';
export * from './maintenance.ts';
export * from './cluster.ts';
export * from './auth.ts';
