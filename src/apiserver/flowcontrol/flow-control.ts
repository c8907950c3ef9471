import { mandatoryFlowSchemas, mandatoryPriorityLevels, type FlowSchema, type PriorityLevelConfiguration } from '#api';
import type { Clock } from '#base';
import type { RequestInfo } from '../http/request-info.ts';
import type { UserInfo } from '../registry/rest.ts';
import { Classifier, type Flow } from './classifier.ts';
import { flowControlText } from './flow-control-text.ts';
import { AllFlowStats } from './flow-stats.ts';
import { limitsOf } from './limits.ts';
import { PriorityLevel, type Grant, type Refusal } from './priority-level.ts';
import { SeatPool } from './seat-pool.ts';
import { seatsOf } from './seats-of.ts';

export interface FlowControlOptions {
  readonly clock: Clock;
  /** How many requests the server works on at once. */
  readonly seats: number;
  /** How long a request waits for a seat at most. */
  readonly maxWaitMs: number;
  /** How many objects of a resource there are. */
  readonly count: (group: string, plural: string) => number;
}

/** A request, as far as it matters here. */
export interface Asker {
  readonly user: UserInfo;
  readonly info: RequestInfo;
  readonly query: URLSearchParams;
  readonly signal: AbortSignal;
}

/** Who is served, who waits, and who is refused. */
export class FlowControl {
  readonly #options: FlowControlOptions;
  readonly #pool: SeatPool;
  readonly #stats = new AllFlowStats();
  readonly #levels = new Map<string, PriorityLevel>();
  #classifier = new Classifier([]);

  constructor(options: FlowControlOptions) {
    this.#options = options;
    this.#pool = new SeatPool(options.seats);
    // Until the objects are read, and whatever becomes of them, the mandatory ones hold.
    this.configure([], []);
  }

  /** Takes the objects as they are now. Schemas without a level match nothing. */
  configure(schemas: readonly FlowSchema[], levels: readonly PriorityLevelConfiguration[]): void {
    const allLevels = withMandatory(levels, mandatoryPriorityLevels) as readonly PriorityLevelConfiguration[];
    const allSchemas = withMandatory(schemas, mandatoryFlowSchemas) as readonly FlowSchema[];
    const limits = limitsOf(allLevels, this.#options.seats);
    for (const level of allLevels) this.#level(level.metadata.name ?? '').configure(level, limits.get(level) ?? none);
    const there = new Set(allLevels.map(({ metadata }) => metadata.name ?? ''));
    for (const [name, level] of this.#levels) if (!there.has(name) && level.taken === 0) this.#levels.delete(name);
    this.#pool.share([...this.#levels.values()]);
    const flows = allSchemas.flatMap((schema) => this.#flow(schema, there) ?? []);
    this.#classifier = new Classifier(flows);
  }

  /** Where a request goes; undefined where no schema matches it. */
  classify(user: UserInfo, info: RequestInfo): Flow | undefined {
    return this.#classifier.classify(user, info);
  }

  /** Seats for a request of this flow: at once, after a while, or not at all. */
  take({ schema, level, stats }: Flow, asker: Asker): Grant | Refusal | Promise<Grant | Refusal> {
    const { user, info } = asker;
    const limit = (): number => Number(asker.query.get('limit')) || 0;
    const seats = seatsOf(info, this.#options.count, { limit, nominal: level.limits.nominal });
    const method = schema.spec.distinguisherMethod?.type;
    const apart = method === 'ByUser' ? user.name : method === 'ByNamespace' ? info.namespace : '';
    return level.take({ flow: `${stats.schema}\n${apart}`, seats, stats, signal: () => asker.signal });
  }

  /** The metrics of all of it. */
  text(): string {
    return flowControlText(this.#stats, [...this.#levels.values()], this.#pool);
  }

  #level(name: string): PriorityLevel {
    let level = this.#levels.get(name);
    if (!level) {
      const { clock, maxWaitMs } = this.#options;
      this.#levels.set(name, (level = new PriorityLevel(name, { clock, pool: this.#pool, maxWaitMs })));
    }
    return level;
  }

  #flow(schema: FlowSchema, there: ReadonlySet<string>): Flow | undefined {
    const { name } = schema.spec.priorityLevelConfiguration;
    const level = there.has(name) ? this.#levels.get(name) : undefined;
    return level && { schema, level, stats: this.#stats.of(schema.metadata.name ?? '', name) };
  }
}

const none = { nominal: 0, lower: 0, upper: 0 };

/** The objects, and those that every server has where they are not among them. */
function withMandatory(
  objects: readonly { metadata: { name?: string } }[],
  mandatory: readonly { name: string; spec: object }[],
): readonly object[] {
  const names = new Set(objects.map(({ metadata }) => metadata.name));
  const missing = mandatory.filter(({ name }) => !names.has(name));
  return [...objects, ...missing.map(({ name, spec }) => ({ metadata: { name }, spec, status: {} }))];
}
