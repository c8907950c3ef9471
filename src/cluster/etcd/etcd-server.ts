// A file of its own, so that the build puts what it leads to into a part that is loaded when it is asked for.
export { EtcdServer } from '#etcd';
