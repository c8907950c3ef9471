import { HistogramFamily } from '../metrics/series.ts';

/** What is counted of the requests of one schema on one level. */
export interface FlowStats {
  readonly schema: string;
  readonly level: string;
  dispatched: number;
  executing: number;
  executingSeats: number;
  waiting: number;
  waitingSeats: number;
  /** By why they were refused. */
  readonly rejected: Map<string, number>;
  readonly execution: { observe(value: number): void };
  /** Of those that were served, and of those that were not. */
  readonly waits: Readonly<Record<'true' | 'false', { observe(value: number): void }>>;
}

const durations = [0, 0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30];

/** Makes stats, and keeps them while schemas come and go, since counters only grow. */
export class AllFlowStats {
  readonly #all = new Map<string, FlowStats>();
  readonly execution = new HistogramFamily({
    name: 'apiserver_flowcontrol_request_execution_seconds',
    help: 'Duration of initial stage (for a WATCH) or any (for a non-WATCH) stage of request execution in the API Priority and Fairness subsystem',
    bounds: durations,
  });
  readonly waits = new HistogramFamily({
    name: 'apiserver_flowcontrol_request_wait_duration_seconds',
    help: 'Length of time a request spent waiting in its queue',
    bounds: durations,
  });

  of(schema: string, level: string): FlowStats {
    const key = `${schema} ${level}`;
    let stats = this.#all.get(key);
    if (!stats) this.#all.set(key, (stats = this.#make(schema, level)));
    return stats;
  }

  values(): Iterable<FlowStats> {
    return this.#all.values();
  }

  #make(schema: string, level: string): FlowStats {
    const labels = { priority_level: level, flow_schema: schema };
    const waits = (execute: 'true' | 'false'): { observe(value: number): void } =>
      this.waits.series(`${schema} ${level} ${execute}`, () => ({ ...labels, execute }));
    return {
      schema,
      level,
      dispatched: 0,
      executing: 0,
      executingSeats: 0,
      waiting: 0,
      waitingSeats: 0,
      rejected: new Map(),
      execution: this.execution.series(`${schema} ${level}`, () => ({ ...labels, type: 'regular' })),
      waits: { true: waits('true'), false: waits('false') },
    };
  }
}
