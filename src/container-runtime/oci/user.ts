import type { LinuxContainerSecurityContext } from '#cri';
import { readInRoot } from './read-in-root.ts';

/** Who the first process runs as. */
export interface ContainerUserIds {
  uid: number;
  gid: number;
  additionalGids: number[];
}

interface PasswdEntry {
  name: string;
  uid: number;
  gid: number;
}

interface GroupEntry {
  name: string;
  gid: number;
  members: string[];
}

/**
 * Finds the numbers of a container's user: what the pod says, else what the image says, looked up in the image's
 * `/etc/passwd` and `/etc/group`. Throws for a name that is not there and for a group without a user, in containerd's words.
 */
export async function resolveUser(
  rootfs: string,
  imageUser: string,
  security: Partial<LinuxContainerSecurityContext> = {},
): Promise<ContainerUserIds> {
  if (security.runAsGroup && !security.runAsUser && !security.runAsUsername)
    throw new Error(`user group "${security.runAsGroup.value}" is specified without user`);
  const passwd = parsePasswd((await readInRoot(rootfs, '/etc/passwd')) ?? '');
  const groups = parseGroup((await readInRoot(rootfs, '/etc/group')) ?? '');
  const { user, group } = wanted(imageUser, security);
  const entry = passwd.find((candidate) => candidate.name === user || String(candidate.uid) === user);
  const uid = entry?.uid ?? numeric(user);
  if (uid === undefined) throw new Error(`unable to find user ${user}: no matching entries in passwd file`);
  const gid = security.runAsGroup?.value ?? (group === '' ? (entry?.gid ?? 0) : findGroup(groups, group));
  const fromImage = security.supplementalGroupsPolicy === 'Strict' || !entry ? [] : memberOf(groups, entry.name);
  return { uid, gid, additionalGids: [...new Set([gid, ...fromImage, ...(security.supplementalGroups ?? [])])] };
}

function wanted(imageUser: string, security: Partial<LinuxContainerSecurityContext>): { user: string; group: string } {
  if (security.runAsUser) return { user: String(security.runAsUser.value), group: '' };
  if (security.runAsUsername) return { user: security.runAsUsername, group: '' };
  const [user = '', group = ''] = imageUser.split(':');
  return { user: user || '0', group };
}

function memberOf(groups: readonly GroupEntry[], name: string): number[] {
  return groups.filter(({ members }) => members.includes(name)).map(({ gid }) => gid);
}

function findGroup(groups: readonly GroupEntry[], group: string): number {
  const gid = groups.find(({ name, gid }) => name === group || String(gid) === group)?.gid ?? numeric(group);
  if (gid === undefined) throw new Error(`unable to find group ${group}: no matching entries in group file`);
  return gid;
}

function numeric(text: string): number | undefined {
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

function parsePasswd(text: string): PasswdEntry[] {
  return lines(text).map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }));
}

function parseGroup(text: string): GroupEntry[] {
  return lines(text).map(([name = '', , gid, members = '']) => ({
    name,
    gid: Number(gid),
    members: members.split(',').filter(Boolean),
  }));
}

function lines(text: string): string[][] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => line.split(':'));
}
