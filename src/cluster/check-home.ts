import type { ClusterPaths } from './paths.ts';

/** Unix sockets have short names: `sun_path` takes 107 bytes. */
const maxSocketPath = 107;

/** Throws when a cluster cannot live in its home: runc, conmon and overlay mounts do not take every path. */
export function checkHome(paths: ClusterPaths): void {
  if (!/^[-A-Za-z0-9/._+@:=~ ]+$/.test(paths.home))
    throw new Error(
      `KEDGE_HOME "${paths.home}" has characters that mounts do not take: use letters, digits and "/._-"`,
    );
  const longest = paths.criSocket(`${paths.name}-100`);
  const excess = longest.length - maxSocketPath;
  if (excess > 0)
    throw new Error(
      `KEDGE_HOME "${paths.home}" is ${excess} characters too long for the sockets in it: choose a shorter one`,
    );
}
