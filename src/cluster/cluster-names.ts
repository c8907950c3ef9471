import { readdir } from 'node:fs/promises';
import { hasCode } from '#base';
import { isClusterName } from './cluster-name.ts';
import { clustersFolder } from './paths.ts';

/** The names of the clusters that a home has. */
export async function clusterNames(home: string): Promise<string[]> {
  return (await foldersIn(clustersFolder(home))).filter(isClusterName).sort();
}

/** The folders in a folder; none where there is no such folder. */
export async function foldersIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}
