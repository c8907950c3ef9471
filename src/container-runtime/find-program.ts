import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';

const folders = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** Where the first of some programs lies that the machine has. Throws what to do when it has none. */
export async function findProgram(...names: readonly [string, ...string[]]): Promise<string> {
  for (const name of names)
    for (const folder of folders) {
      const path = join(folder, name);
      if (
        await access(path, constants.X_OK).then(
          () => true,
          () => false,
        )
      )
        return path;
    }
  throw new Error(
    `${names.join(' or ')} is missing on this machine: install it with "apt-get install ${names[0]}" or what your system has for that`,
  );
}
