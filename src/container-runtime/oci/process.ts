import type { ContainerConfig } from '#cri';
import type { ImageConfig } from '../images/manifest.ts';

const defaultPath = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The command line: the pod's words in place of the image's. Arguments of the image belong to its entrypoint alone. */
export function commandLine(config: ContainerConfig, image: ImageConfig): string[] {
  const entrypoint = config.command.length > 0 ? config.command : (image.config?.Entrypoint ?? []);
  const isPlain = config.command.length === 0 && config.args.length === 0;
  const args = isPlain ? (image.config?.Cmd ?? []) : config.args;
  const line = [...entrypoint, ...args];
  if (line.length === 0) throw new Error('no command specified');
  return line;
}

/** The environment: the image's, then the runtime's, then the pod's; the last of a name counts. */
export function environment(config: ContainerConfig, image: ImageConfig, hostname: string): string[] {
  const pod = config.envs.map(({ key, value }) => `${key}=${Buffer.from(value).toString()}`);
  const all = [
    defaultPath,
    ...(image.config?.Env ?? []),
    ...(config.tty ? ['TERM=xterm'] : []),
    `HOSTNAME=${hostname}`,
    ...pod,
  ];
  const byName = new Map(all.map((entry) => [entry.slice(0, entry.indexOf('=')), entry]));
  return [...byName.values()];
}
