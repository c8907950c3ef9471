/**
 * Gives every pod a node, as kube-scheduler does.
 *
 * A pod without a node comes in by watch and waits in the queue. When its turn comes, the plugins of the framework
 * filter the nodes of the cache, score those that are left, and the best is assumed to have the pod; the binding is
 * written while the next pod is decided. A pod that fits nowhere is told why, in its events and its status, and waits
 * until something happens that may help it: a plugin that rejected it says which events those are.
 *
 * Not here yet: preemption, spreading over topologies, affinity between pods, volumes and image locality; each is one
 * more plugin in `plugins/index.ts`. Every node is looked at for every pod: upstream stops early past 100 nodes.
 */
export { Scheduler, type SchedulerOptions } from './scheduler.ts';
export type { EnabledPlugin, Plugin } from './framework/plugin.ts';
export { defaultPlugins } from './plugins/index.ts';
