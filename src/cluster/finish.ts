import { silentLogger } from '#base';
import { adminAccess, connect } from './access.ts';
import { prepareCertificates } from './certificates.ts';
import { nodesOf, type ClusterConfig } from './config.ts';
import { prepareImages } from './images.ts';
import { mergeKubeconfig } from './kubeconfig.ts';
import { reportStep, type Machine, type Report } from './machine.ts';
import type { ClusterPaths } from './paths.ts';
import { Pki } from './pki.ts';
import { waitForApi, waitForDns, waitForNodes } from './wait-for-parts.ts';

interface Started {
  machine: Machine;
  paths: ClusterPaths;
  config: ClusterConfig;
  report: Report;
  /** When the agents that were started were, by their node. */
  startedAtMs: ReadonlyMap<string, number>;
}

/** What `kedge up` does once the processes of a cluster are started: makes what they need, and waits for all of them. */
export async function finish({ machine, paths, config, report, startedAtMs }: Started): Promise<void> {
  const step = <T>(title: string, work: () => Promise<T>): Promise<T> => reportStep(machine, report, title, work);
  const pki = new Pki({ directory: paths.pki, clock: machine.clock });
  await prepareCertificates(pki, config);
  const access = await adminAccess(config, pki);
  const { client, close } = connect(access, 'kedge', silentLogger);
  const waitForParts = async (): Promise<void> => {
    await step(`API server at ${access.server}`, () => waitForApi(machine, paths, config, client));
    await mergeKubeconfig(machine.kubeconfig, access);
    await step(`${nodesOf(config)} ready`, () => waitForNodes(machine, paths, config, client, startedAtMs));
    await step('cluster DNS answers', () => waitForDns(machine, config));
  };
  try {
    const images = step('images kedge.local/node and kedge.local/toolbox', () => prepareImages(machine, paths));
    await Promise.all([images, waitForParts()]);
  } finally {
    await close();
  }
}
