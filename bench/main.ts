/**
 * `npm run bench -- [names] [options]`: takes measurements and prints a line for each figure. bench/README.md says how
 * each is taken and what they were.
 */
import { mkdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { messageOf } from '#base';
import { api } from './api.ts';
import { etcd } from './etcd.ts';
import type { MeasureOptions, Measurement } from './figure.ts';
import { describeMachine, machineLine } from './machine.ts';
import { idle } from './idle.ts';
import { pod } from './pod.ts';
import { pods } from './pods.ts';
import { up } from './up.ts';
import { heading, line, resultOf, writeJson, type Result } from './report.ts';

const measurements: readonly Measurement[] = [etcd, api, up, idle, pod, pods];

const usage = `npm run bench -- [${measurements.map(({ name }) => name).join('] [')}] [options]   (all, when none is named)
  --runs N           how often to repeat (each measurement has a number of its own)
  --json FILE        write the results to a file as well
  --kubeconfig FILE  api: measure that API server and not a Kedge of our own
  --endpoint URL     etcd: measure that member alone; with --cacert, --cert and --key as etcdctl has them
  --pid N            api, etcd: the process of that server, of which processor time and memory are told, too
  --etcd FILE        etcd: the etcd to compare with (default: /usr/bin/etcd)
  --connections N    etcd: over how many connections calls are spread (default: 1)
  --directory DIR    the disk to measure on: stores and homes of clusters are made there (default: ${tmpdir()})
  --profile DIR      api, etcd: our server leaves a CPU profile there`;

/** Runs one measurement and prints its figures; one that fails does not keep the others from being taken. */
async function take(measurement: Measurement, options: MeasureOptions): Promise<Result[]> {
  const results: Result[] = [];
  try {
    for await (const figure of measurement.run(options)) {
      const result = resultOf(measurement.name, figure);
      results.push(result);
      console.log(line(result));
    }
  } catch (error) {
    process.exitCode = 1;
    console.log(`${measurement.name} ${options.signal.aborted ? 'was stopped' : `failed: ${messageOf(error)}`}`);
    if (process.env['KEDGE_DEBUG']) console.error(error);
  }
  return results;
}

/** Aborts at the first signal, so that everything is cleaned up; the second ends the process at once. */
function interrupted(): AbortSignal {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (stop.signal.aborted) process.exit(1);
      console.error('\nstopping and cleaning up; once more ends at once');
      stop.abort(new Error(`${name} received`));
    });
  }
  return stop.signal;
}

function choose(names: readonly string[]): readonly Measurement[] {
  const unknown = names.find((name) => !measurements.some((one) => one.name === name));
  if (unknown) throw new Error(`there is no measurement "${unknown}"\n\n${usage}`);
  return names.length === 0 ? measurements : measurements.filter(({ name }) => names.includes(name));
}

function countOf(option: string, text: string | undefined): number | undefined {
  const count = text === undefined ? undefined : Number(text);
  if (count === undefined || (Number.isInteger(count) && count > 0)) return count;
  throw new Error(`--${option} takes a whole number`);
}

/** The member to measure, with the certificates in the files that were named. */
async function endpointOf(
  options: Partial<Record<'endpoint' | 'cacert' | 'cert' | 'key', string>>,
): Promise<MeasureOptions['endpoint']> {
  if (options.endpoint === undefined) return undefined;
  const pem = async (path: string | undefined): Promise<string | undefined> =>
    path === undefined ? undefined : readFile(path, 'utf8');
  const [ca, cert, key] = [await pem(options.cacert), await pem(options.cert), await pem(options.key)];
  return { url: options.endpoint, ca, cert, key };
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      runs: { type: 'string' },
      json: { type: 'string' },
      kubeconfig: { type: 'string' },
      endpoint: { type: 'string' },
      cacert: { type: 'string' },
      cert: { type: 'string' },
      key: { type: 'string' },
      pid: { type: 'string' },
      etcd: { type: 'string' },
      connections: { type: 'string' },
      directory: { type: 'string', default: tmpdir() },
      profile: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return console.log(usage);
  const runs = countOf('runs', values.runs);
  const connections = countOf('connections', values.connections);
  const pid = countOf('pid', values.pid);
  const endpoint = await endpointOf(values);
  const chosen = choose(positionals);
  await mkdir(values.directory, { recursive: true });
  const machine = await describeMachine(values.directory);
  console.log(`${machineLine(machine)}\n\n${heading()}`);
  const signal = interrupted();
  const note = (text: string): void => console.log(`  ${text}`);
  const results: Result[] = [];
  for (const measurement of chosen) {
    if (!signal.aborted)
      results.push(...(await take(measurement, { ...values, runs, connections, pid, endpoint, signal, note })));
  }
  if (values.json !== undefined) await writeJson(values.json, machine, results);
}

await main().catch((error: unknown) => {
  console.error(`error: ${messageOf(error)}`);
  process.exitCode = 1;
});
