/**
 * Services to nftables rules, on each node.
 *
 * Services and EndpointSlices come in by watch. `servicePorts` reads from them what the rules need, `plan` turns that
 * into a ruleset, `transition` finds the nft commands from the ruleset that the kernel has to the new one, and one
 * transaction applies them: a changed Service touches its own chains and elements and nothing else. Cluster IPs, node
 * ports, external and load balancer IPs, session affinity, traffic policies and hairpin follow kube-proxy's nftables
 * mode (`pkg/proxy/nftables`). UDP flows to an endpoint that is gone are ended with `conntrack`, where that is installed.
 *
 * Not here: IPv6, health-check ports of load balancers, hints of topology, and metrics.
 */
export { KubeProxy, type KubeProxyOptions } from './kube-proxy.ts';
