import type { Lease, Node, NodeCondition } from '#api';
import { formatTime, nameOf } from '#machinery';
import { conditionOf } from '../objects.ts';

/** What we last heard of a node, and when by our own clock: nodes' clocks are not trusted. */
interface Heard {
  heartbeat: string;
  lease: string;
  atMs: number;
}

const watched = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'];

/** Tells which nodes are silent: neither status nor lease changed for the grace period (`node_lifecycle_controller.go`). */
export class NodeHealth {
  readonly #graceMs: number;
  readonly #startupGraceMs: number;
  readonly #heard = new Map<string, Heard>();

  constructor({ graceMs, startupGraceMs }: { graceMs: number; startupGraceMs: number }) {
    this.#graceMs = graceMs;
    this.#startupGraceMs = startupGraceMs;
  }

  /** Takes notice of a node's last words; true when it has been silent for too long. */
  isSilent(node: Node, lease: Lease | undefined, nowMs: number): boolean {
    const ready = conditionOf(node.status.conditions, 'Ready');
    const heartbeat = ready && ready.reason !== 'NodeStatusUnknown' ? (ready.lastHeartbeatTime ?? '') : '';
    const renewed = lease?.spec?.renewTime ?? '';
    const known = this.#heard.get(nameOf(node));
    const isNews =
      !known || (renewed !== '' && renewed !== known.lease) || (heartbeat !== '' && heartbeat !== known.heartbeat);
    const heard = isNews ? { heartbeat: heartbeat || (known?.heartbeat ?? ''), lease: renewed, atMs: nowMs } : known;
    this.#heard.set(nameOf(node), heard);
    return nowMs > heard.atMs + (ready ? this.#graceMs : this.#startupGraceMs);
  }

  forget(name: string): void {
    this.#heard.delete(name);
  }
}

/** The conditions of a silent node: nothing is known any more. */
export function unknownConditions(node: Node, nowMs: number): NodeCondition[] {
  const now = formatTime(nowMs);
  const conditions = node.status.conditions ?? [];
  const unknown = watched.map((type): NodeCondition => {
    const known = conditionOf(conditions, type);
    if (!known) {
      const never = { reason: 'NodeStatusNeverUpdated', message: 'Kubelet never posted node status.' };
      const lastHeartbeatTime = node.metadata.creationTimestamp;
      return { type, status: 'Unknown', ...never, lastHeartbeatTime, lastTransitionTime: now };
    }
    if (known.status === 'Unknown') return known;
    const stopped = { reason: 'NodeStatusUnknown', message: 'Kubelet stopped posting node status.' };
    return { ...known, status: 'Unknown', ...stopped, lastTransitionTime: now };
  });
  return [...conditions.filter(({ type }) => !watched.includes(type)), ...unknown];
}
