import { InvalidArgumentError, Option, type Command } from 'commander';
import {
  compareEtcdMembers,
  etcdSnapshotStatus,
  restoreEtcdSnapshot,
  saveEtcdSnapshot,
  type EtcdTarget,
  type RestoreRequest,
  type SnapshotStatus,
} from '#cluster';
import { table } from './output.ts';
import { readWorld } from './world.ts';

/** What looks after a store, beside running one: snapshots, and a comparison of members. */
export function addEtcdTools(etcd: Command): void {
  const snapshot = etcd.command('snapshot').description('save, restore and look at copies of a store');
  addSave(snapshot);
  addRestore(snapshot);
  addStatus(snapshot);
  addCheck(etcd);
}

function addSave(snapshot: Command): void {
  targetOptions(snapshot.command('save'))
    .argument('<file>')
    .description('copy a running store to a file, which "snapshot restore" and etcdutl take')
    .action(async (file: string, target: EtcdTarget) => {
      print(`${file} saved\n${statusTable(await saveEtcdSnapshot(readWorld(), target, file))}`);
    });
}

function addRestore(snapshot: Command): void {
  snapshot
    .command('restore')
    .argument('<file>')
    .description('make a store from a copy, of Kedge or of an etcd')
    .addOption(new Option('--data-dir <path>', 'data of "kedge etcd"').conflicts('name'))
    .option('--name <cluster>', 'the store of a cluster on this machine, which must not run')
    .option('--skip-hash-check', "take a copy of an etcd's data file, which carries no checksum")
    .option('--bump-revision <count>', 'add to the revision, and compact: clients forget what they have seen', count)
    .action(async (file: string, request: RestoreRequest) => {
      const { directory, revision } = await restoreEtcdSnapshot(readWorld(), file, request);
      print(`${file} restored to ${directory}, at revision ${revision}\n`);
    });
}

function addStatus(snapshot: Command): void {
  snapshot
    .command('status')
    .argument('<file>')
    .description('tell what is in a copy')
    .action(async (file: string) => print(statusTable(await etcdSnapshotStatus(file))));
}

function addCheck(etcd: Command): void {
  targetOptions(etcd.command('check'))
    .description('compare what members have, by their hashes up to the same revision')
    .action(async (target: EtcdTarget) => {
      const { revision, members, agree } = await compareEtcdMembers(readWorld(), target);
      const rows = members.map(({ url, hash, compactRevision }) => [url, hex(hash), String(compactRevision)]);
      print(table(['MEMBER', 'HASH', 'COMPACTED'], rows));
      print(agree ? `They agree up to revision ${revision}.\n` : `They differ at revision ${revision}.\n`);
      if (!agree) process.exitCode = 1;
    });
}

function targetOptions(command: Command): Command {
  return command
    .option('--endpoints <urls>', 'members (default: the store of the cluster that --name tells)')
    .option('--name <cluster>', 'a cluster on this machine', 'kedge')
    .option('--cacert <path>', 'who signs the certificates of members')
    .option('--cert <path>', 'certificate to show to members')
    .option('--key <path>', 'its key');
}

function statusTable({ hash, revision, totalKeys, sizeBytes }: SnapshotStatus): string {
  const row = [hex(hash), String(revision), String(totalKeys), `${(sizeBytes / 1e6).toFixed(1)} MB`];
  return table(['HASH', 'REVISION', 'KEYS', 'SIZE'], [row]);
}

function hex(hash: number): string {
  return hash.toString(16).padStart(8, '0');
}

function count(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It takes a whole number.');
  return Number(text);
}

function print(text: string): void {
  process.stdout.write(text);
}
