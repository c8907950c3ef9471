import type { Clock, LogLevel, Random } from '#base';

/** All that a command knows of the world it runs in; `cli/` reads it once and hands it in. */
export interface Machine {
  platform: NodeJS.Platform;
  uid: number;
  /** `KEDGE_HOME`: where clusters and images lie. */
  home: string;
  /** The user's kubeconfig. */
  kubeconfig: string;
  /** How to run Kedge again: the Node.js and the program, before any argument. */
  program: readonly [string, ...string[]];
  /** How much the server and the agents say in their logs. */
  logLevel: LogLevel;
  clock: Clock;
  random: Random;
}

/** Tells a user how a command gets on. */
export interface Report {
  /** A step that is done, with its time. */
  step(title: string, ms: number): void;
  /** Something the user should know. */
  note(text: string): void;
}

/** Runs a step and reports it with its time. */
export async function reportStep<T>(
  machine: Machine,
  report: Report,
  title: string,
  work: () => Promise<T>,
): Promise<T> {
  const start = machine.clock.elapsed();
  const result = await work();
  report.step(title, machine.clock.elapsed() - start);
  return result;
}
