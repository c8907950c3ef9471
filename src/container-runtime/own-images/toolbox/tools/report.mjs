import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

async function describe(path, depth) {
  const status = await lstat(path).catch((error) => error);
  if (status instanceof Error) return [`${path}: ${status.code}`];
  const mode = (status.mode & 0o7777).toString(8).padStart(4, '0');
  const head = `${mode} ${status.uid}:${status.gid} ${path}`;
  if (status.isSymbolicLink()) return [`${head} -> ${await readlink(path)}`];
  if (status.isFile()) {
    const text =
      status.size < 4096 ? await readFile(path, 'utf8').catch((error) => error.code) : `(${status.size} bytes)`;
    return [`${head} = ${JSON.stringify(text)}`];
  }
  if (!status.isDirectory() || depth === 0) return [head];
  const names = await readdir(path).catch(() => /** @type {string[]} */ ([]));
  names.sort();
  const below = await Promise.all(names.map((name) => describe(join(path, name), depth - 1)));
  return [`${head}/`, ...below.flat()];
}

/** report [PATH...]: who this process is, its environment, and the files under the paths with owner, mode and content. */
export async function run(paths) {
  console.log(`host: ${hostname()}`);
  console.log(`user: ${process.getuid()}:${process.getgid()} groups ${process.getgroups().join(',')}`);
  console.log(`pid: ${process.pid} cwd: ${process.cwd()}`);
  console.log(`args: ${JSON.stringify(paths)}`);
  for (const [name, value] of Object.entries(process.env)) console.log(`env: ${name}=${value}`);
  for (const path of paths) for (const line of await describe(path, 5)) console.log(`file: ${line}`);
}
