import { CounterFamily, GaugeFamily, type Labels } from '../metrics/series.ts';
import type { AllFlowStats, FlowStats } from './flow-stats.ts';
import type { PriorityLevel } from './priority-level.ts';
import type { SeatPool } from './seat-pool.ts';

/** What `/metrics` tells of priority and fairness, under upstream's names (`util/flowcontrol/metrics/metrics.go`). */
export function flowControlText(stats: AllFlowStats, levels: readonly PriorityLevel[], pool: SeatPool): string {
  const all = [...stats.values()];
  return [
    ...flowGauges.map(({ name, help, value }) => flowGauge(name, help, all, value)),
    ...levelGauges.map(({ name, help, value }) => levelGauge(name, help, levels, (level) => value(level, pool))),
    dispatched(all),
    rejected(all),
    stats.waits.text(),
    stats.execution.text(),
  ].join('\n');
}

const flowGauges: readonly { name: string; help: string; value: (of: FlowStats) => number }[] = [
  {
    name: 'current_executing_requests',
    help: 'Number of requests in initial (for a WATCH) or any (for a non-WATCH) execution stage in the API Priority and Fairness subsystem',
    value: ({ executing }) => executing,
  },
  {
    name: 'current_executing_seats',
    help: 'Concurrency (number of seats) occupied by the currently executing (initial stage for a WATCH, any stage otherwise) requests in the API Priority and Fairness subsystem',
    value: ({ executingSeats }) => executingSeats,
  },
  {
    name: 'current_inqueue_requests',
    help: 'Number of requests currently pending in queues of the API Priority and Fairness subsystem',
    value: ({ waiting }) => waiting,
  },
  {
    name: 'current_inqueue_seats',
    help: 'Number of seats currently pending in queues of the API Priority and Fairness subsystem',
    value: ({ waitingSeats }) => waitingSeats,
  },
];

const levelGauges: readonly { name: string; help: string; value: (of: PriorityLevel, pool: SeatPool) => number }[] = [
  {
    name: 'nominal_limit_seats',
    help: 'Nominal number of execution seats configured for each priority level',
    value: ({ limits }) => limits.nominal,
  },
  {
    name: 'lower_limit_seats',
    help: 'Configured lower bound on number of execution seats available to each priority level',
    value: ({ limits }) => limits.lower,
  },
  {
    name: 'upper_limit_seats',
    help: 'Configured upper bound on number of execution seats available to each priority level',
    value: ({ limits }) => limits.upper,
  },
  {
    name: 'current_limit_seats',
    help: 'current derived number of execution seats available to each priority level',
    value: (level, pool) => pool.limitOf(level),
  },
  {
    name: 'demand_seats',
    help: 'Number of seats that the requests of each priority level need now, served and waiting',
    value: ({ taken, waiting }) => taken + waiting.seats,
  },
];

function flowGauge(name: string, help: string, all: readonly FlowStats[], value: (of: FlowStats) => number): string {
  const gauge = new GaugeFamily({ name: `apiserver_flowcontrol_${name}`, help });
  for (const one of all) gauge.set(keyOf(one), () => labelsOf(one), value(one));
  return gauge.text();
}

function levelGauge(
  name: string,
  help: string,
  levels: readonly PriorityLevel[],
  value: (of: PriorityLevel) => number,
): string {
  const gauge = new GaugeFamily({ name: `apiserver_flowcontrol_${name}`, help });
  for (const level of levels) gauge.set(level.name, () => ({ priority_level: level.name }), value(level));
  return gauge.text();
}

function dispatched(all: readonly FlowStats[]): string {
  const name = 'apiserver_flowcontrol_dispatched_requests_total';
  const help = 'Number of requests executed by API Priority and Fairness subsystem';
  const counter = new CounterFamily({ name, help });
  for (const one of all) counter.series(keyOf(one), () => labelsOf(one)).add(one.dispatched);
  return counter.text();
}

function rejected(all: readonly FlowStats[]): string {
  const name = 'apiserver_flowcontrol_rejected_requests_total';
  const counter = new CounterFamily({
    name,
    help: 'Number of requests rejected by API Priority and Fairness subsystem',
  });
  for (const one of all) {
    for (const [reason, count] of one.rejected) {
      counter.series(`${keyOf(one)} ${reason}`, () => ({ ...labelsOf(one), reason })).add(count);
    }
  }
  return counter.text();
}

function keyOf({ schema, level }: FlowStats): string {
  return `${schema} ${level}`;
}

function labelsOf({ schema, level }: FlowStats): Labels {
  return { priority_level: level, flow_schema: schema };
}
