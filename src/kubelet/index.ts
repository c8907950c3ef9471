/**
 * The kubelet: it makes the pods that are bound to its node run, and tells the API how they are.
 *
 * A pod comes in through the informer of `pods` with `spec.nodeName` of this node. `PodWorkers` admits it and gives it a
 * `PodWorker`, which works alone on it until it is gone. Woken by news of the API, of the runtime (`RuntimeEvents`), of a
 * probe or of a timer, the worker asks the runtime what runs (`readPodStatus`), tells the status that follows
 * (`podStatus`), and takes the steps that are missing: `computePodActions` names them, `syncPod` takes them. Cgroup, volumes
 * and sandbox first, then images, init containers, sidecars, containers, each by `startContainer`. A pod that asks for other
 * resources is given them where it runs, once `Allocation` has found that the node has them. A pod that is deleted,
 * has failed or is done is ended by `killPod`: hooks, signal, grace period; what it held on the node is given back, and
 * when its last status is in the API the object is removed there.
 *
 * `status/` turns containers into phase and conditions, and `StatusManager` writes them. `probes/` asks containers how they
 * are. `volumes/` makes volumes and keeps those that show API data true. `env/` and `network/` make what containers see:
 * variables, /etc/hosts, resolv.conf. `logs/` reads and rotates logs. `node/` registers the node, reports it and renews its
 * lease. `server/` is the HTTPS API by which the API server reaches logs, exec, attach and port-forward.
 *
 * What comes in: pods, services, ConfigMaps, Secrets, tokens through the API; containers and images through CRI. What goes
 * out: pod status, node status, leases, events. Nothing is remembered on disk: the runtime's labels and annotations
 * carry what the next life of the kubelet must know, so that it adopts what runs.
 */
export { Kubelet, type KubeletOptions } from './kubelet.ts';
export type { MachineFacts } from './node/machine.ts';
export { kubeletVersion } from './node/node-object.ts';
export type { ProbeReport } from './probes/http-probe.ts';
export type { ProbeTarget, RunProbe } from './probes/run-probe.ts';
export { apiServerUser, type Authorize, type Caller } from './server/authenticate.ts';
export type { Serving } from './server/server.ts';
export type { Mounter } from './volumes/mounter.ts';
