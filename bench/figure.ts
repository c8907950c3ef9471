/** What a measurement found: one quantity, sampled one or more times. */
export interface Figure {
  /** What was measured, as the table shows it: `creates, 64 in flight`. */
  name: string;
  unit: 'ms' | 's' | '/s' | 'MB' | '%' | 'kB' | 'µs' | '';
  /** Which way is good; the tail of the table is the bad one. */
  better: 'less' | 'more';
  samples: readonly number[];
  /** What the project wants the median to be. */
  target?: number;
}

/** One of the measurements that `npm run bench` knows. */
export interface Measurement {
  /** The word on the command line. */
  name: string;
  /** Takes the measurement, and gives each figure as soon as it is there. Whatever it started has ended when it ends. */
  run(options: MeasureOptions): AsyncIterable<Figure>;
}

export interface MeasureOptions {
  /** How often to repeat; each measurement has a number of its own when this is absent. */
  runs?: number;
  /** Where homes of clusters and stores are made: a folder on the disk to be measured. */
  directory: string;
  /** Measure this API server (the kubeconfig's current context) and not a Kedge of our own. */
  kubeconfig?: string;
  /** Measure this member (etcd's protocol) and no store of our own. */
  endpoint?: { url: string; ca?: string; cert?: string; key?: string };
  /** The etcd to compare with; Debian's when absent. */
  etcd?: string;
  /** The process of the server that `kubeconfig` or `endpoint` names, where it runs on this machine. */
  pid?: number;
  /** Over how many connections the calls to a store are spread; one when absent. */
  connections?: number;
  /** The server that is started for the run leaves a CPU profile in this folder. */
  profile?: string;
  /** Aborts when the user has enough: the measurement cleans up and ends. */
  signal: AbortSignal;
  /** Tells the user how it gets on. */
  note: (text: string) => void;
}
