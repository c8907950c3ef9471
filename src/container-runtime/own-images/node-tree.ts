import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execute } from '#base';
import { FileTree } from './file-tree.ts';

const passwd =
  'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/bin/false\nnode:x:1000:1000:node:/home/node:/bin/sh\n';
const group = 'root:x:0:\ntty:x:5:\nnogroup:x:65534:\nnode:x:1000:\n';
const nsswitch = 'passwd: files\ngroup: files\nhosts: files dns\nnetworks: files\nprotocols: files\nservices: files\n';

/** Read by the C library when it looks up hosts, where it has not got them built in (glibc before 2.34). */
const lookupLibraries = ['libnss_files.so.2', 'libnss_dns.so.2', 'libresolv.so.2'];

/** Where machines keep the certificates they trust. */
const certificates = ['/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt', '/etc/ssl/cert.pem'];

/** A small Linux around the Node.js of this machine, made of the machine's own files. */
export async function nodeTree(nodeBinary: string): Promise<FileTree> {
  const tree = new FileTree();
  const binary = await realpath(nodeBinary);
  tree.add('/usr/bin/node', { type: 'file', source: binary });
  for (const [path, source] of await libraries(binary)) tree.add(path, { type: 'file', source });
  tree.add('/etc/passwd', { type: 'text', content: passwd });
  tree.add('/etc/group', { type: 'text', content: group });
  tree.add('/etc/nsswitch.conf', { type: 'text', content: nsswitch });
  tree.add('/tmp', { type: 'directory', mode: 0o1777 });
  tree.add('/root', { type: 'directory', mode: 0o700 });
  tree.add('/home/node', { type: 'directory' });
  for (const path of ['/proc', '/sys', '/dev', '/run', '/var/tmp']) tree.add(path, { type: 'directory' });
  const trusted = certificates.find((path) => existsSync(path));
  if (trusted)
    tree.add('/etc/ssl/certs/ca-certificates.crt', { type: 'file', source: await realpath(trusted), mode: 0o644 });
  return tree;
}

/** The shared libraries that a program loads, with the dynamic linker, each under the path it is asked for by. */
async function libraries(binary: string): Promise<Map<string, string>> {
  const listed = await execute(['ldd', binary]).catch(() => ''); // statically linked: none
  const found = new Map<string, string>();
  for (const line of listed.split('\n')) {
    const path = /=>\s+(\/\S+)/.exec(line)?.[1] ?? /^\s+(\/\S+)/.exec(line)?.[1];
    if (path) found.set(path, await realpath(path));
  }
  const c = [...found.keys()].find((path) => /\/libc\.so/.test(path));
  for (const name of c ? lookupLibraries : []) {
    const path = join(dirname(c ?? ''), name);
    if (existsSync(path)) found.set(path, await realpath(path));
  }
  return found;
}
