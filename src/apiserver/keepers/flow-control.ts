import { runAll, type Clock, type Component, type Logger } from '#base';
import {
  mandatoryFlowSchemas,
  mandatoryPriorityLevels,
  suggestedFlowSchemas,
  suggestedPriorityLevels,
  type FlowSchema,
  type PriorityLevelConfiguration,
} from '#api';
import { Mirror } from '../authz/mirror.ts';
import { systemContext } from '../registry/defaults.ts';
import type { Rest } from '../registry/rest.ts';
import { danglingOf } from './dangling.ts';
import { Ensurer } from './ensurer.ts';
import { Keeper } from './keeper.ts';

const group = 'flowcontrol.apiserver.k8s.io';
const intervalMs = 60_000;
/** Who tells how schemas do (`util/flowcontrol/apf_controller.go`). */
const consumer = { fieldManager: 'api-priority-and-fairness-config-consumer-v1', force: true };

export interface FlowControlKeeperOptions {
  readonly rest: (group: string, plural: string) => Rest;
  readonly clock: Clock;
  readonly log: Logger;
  /** Told of all objects whenever one of them has changed. */
  readonly changed?: (schemas: readonly FlowSchema[], levels: readonly PriorityLevelConfiguration[]) => void;
}

/**
 * Keeps the flow schemas and priority levels that every cluster has (`pkg/registry/flowcontrol/rest`), and says of each
 * schema whether its level is there. What administrators made of the suggested ones stays; the mandatory ones are put
 * right again.
 */
export class FlowControlKeeper implements Component {
  readonly #keeper: Keeper;
  readonly #schemas: Mirror<FlowSchema>;
  readonly #levels: Mirror<PriorityLevelConfiguration>;
  readonly #rest: (plural: string) => Rest;
  readonly #clock: Clock;

  constructor(options: FlowControlKeeperOptions) {
    const { clock, log } = options;
    this.#clock = clock;
    this.#rest = (plural) => options.rest(group, plural);
    const changed = (): void => {
      options.changed?.([...this.#schemas.values()], [...this.#levels.values()]);
      this.#keeper.wake();
    };
    this.#schemas = new Mirror({ rest: this.#rest('flowschemas'), clock, log, changed });
    this.#levels = new Mirror({ rest: this.#rest('prioritylevelconfigurations'), clock, log, changed });
    const reconcile = (signal: AbortSignal): Promise<void> => this.#reconcile(signal);
    this.#keeper = new Keeper({ name: 'flow control', reconcile, intervalMs, clock, log });
  }

  /** Resolves when all that every cluster has is there. */
  get settled(): Promise<void> {
    return this.#keeper.settled;
  }

  async run(signal: AbortSignal): Promise<void> {
    await runAll([this.#schemas, this.#levels, { run: (all) => this.#keep(all) }] as Component[], signal);
  }

  /** Keeps, once it is known what is there; a server that cannot read it stops before that. */
  async #keep(signal: AbortSignal): Promise<void> {
    const stopped = Promise.withResolvers<void>();
    signal.addEventListener('abort', () => stopped.resolve(), { once: true });
    if (signal.aborted) return;
    await Promise.race([stopped.promise, Promise.all([this.#schemas.synced, this.#levels.synced])]);
    if (!signal.aborted) await this.#keeper.run(signal);
  }

  async #reconcile(signal: AbortSignal): Promise<void> {
    const levels = new Ensurer(this.#rest('prioritylevelconfigurations'), this.#levels, signal);
    const schemas = new Ensurer(this.#rest('flowschemas'), this.#schemas, signal);
    await levels.ensure(suggestedPriorityLevels, 'suggested');
    await schemas.ensure(suggestedFlowSchemas, 'suggested');
    await levels.ensure(mandatoryPriorityLevels, 'mandatory');
    await schemas.ensure(mandatoryFlowSchemas, 'mandatory');
    await levels.removeAllBut([...suggestedPriorityLevels, ...mandatoryPriorityLevels]);
    await schemas.removeAllBut([...suggestedFlowSchemas, ...mandatoryFlowSchemas]);
    await Promise.all([...this.#schemas.values()].map((schema) => this.#tellDangling(schema, signal)));
  }

  async #tellDangling(schema: FlowSchema, signal: AbortSignal): Promise<void> {
    const name = schema.spec.priorityLevelConfiguration.name;
    const isThere = this.#levels.get(name) !== undefined;
    const conditions = danglingOf(schema, isThere, this.#clock.now());
    if (!conditions) return;
    const schemas = this.#rest('flowschemas');
    const { apiVersion, kindName: kind } = schemas.resource;
    const schemaName = schema.metadata.name ?? '';
    const patch = { apiVersion, kind, metadata: { name: schemaName }, status: { conditions } };
    const type = 'application/apply-patch+yaml';
    await schemas.subresource('status')?.patch?.(systemContext(signal), '', schemaName, type, patch, consumer);
  }
}
