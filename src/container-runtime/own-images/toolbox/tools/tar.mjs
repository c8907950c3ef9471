import { createReadStream, createWriteStream } from 'node:fs';
import { chmod, lchown, lstat, lutimes, mkdir, readdir, readlink, rm, symlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { createGunzip, createGzip } from 'node:zlib';

// As much of tar as `kubectl cp` needs: tar cf - PATH..., tar xf - [-C FOLDER], tar tf -; plain or gzip, ustar with long names.

const block = 512;

function header(name, status, type, size, linkname = '') {
  const bytes = Buffer.alloc(block);
  const octal = (value, at, length) => bytes.write(value.toString(8).padStart(length - 1, '0'), at);
  bytes.write(name.slice(0, 100), 0);
  octal(status.mode & 0o7777, 100, 8);
  octal(status.uid, 108, 8);
  octal(status.gid, 116, 8);
  octal(size, 124, 12);
  octal(Math.floor(status.mtimeMs / 1000), 136, 12);
  bytes.write('        ', 148);
  bytes.write(type, 156);
  bytes.write(linkname.slice(0, 100), 157);
  bytes.write('ustar\x0000', 257);
  bytes.write(
    `${bytes
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
    148,
  );
  return bytes;
}

const padding = (size) => Buffer.alloc((block - (size % block)) % block);

/** A name that does not fit is written as an entry of its own before the one it names (GNU). */
function* heads(name, status, type, size, linkname = '') {
  for (const [text, kind] of [
    [linkname, 'K'],
    [name, 'L'],
  ]) {
    const bytes = Buffer.from(`${text}\0`);
    if (bytes.length <= 101) continue;
    yield header('././@LongLink', { mode: 0, uid: 0, gid: 0, mtimeMs: 0 }, kind, bytes.length);
    yield Buffer.concat([bytes, padding(bytes.length)]);
  }
  yield header(name, status, type, size, linkname);
}

async function* pack(path, name, verbose) {
  const status = await lstat(path);
  if (verbose) console.error(name);
  if (status.isSymbolicLink()) yield* heads(name, status, '2', 0, await readlink(path));
  else if (status.isDirectory()) {
    yield* heads(`${name.replace(/\/$/, '')}/`, status, '5', 0);
    for (const entry of (await readdir(path)).sort()) yield* pack(join(path, entry), join(name, entry), verbose);
  } else if (status.isFile()) {
    yield* heads(name, status, '0', status.size);
    if (status.size > 0) yield* createReadStream(path, { end: status.size - 1 });
    yield padding(status.size);
  }
}

/** Reads so many bytes at a time from a stream. */
function reader(stream) {
  const chunks = stream[Symbol.asyncIterator]();
  let pending = Buffer.alloc(0);
  const more = async () => {
    const next = await chunks.next();
    if (!next.done) pending = pending.length > 0 ? Buffer.concat([pending, next.value]) : next.value;
    return !next.done;
  };
  return {
    async exactly(size) {
      while (pending.length < size) if (!(await more())) return undefined;
      const bytes = pending.subarray(0, size);
      pending = pending.subarray(size);
      return bytes;
    },
    async *upTo(size) {
      for (let left = size; left > 0;) {
        if (pending.length === 0 && !(await more())) throw new Error('unexpected end of archive');
        const bytes = pending.subarray(0, left);
        pending = pending.subarray(bytes.length);
        left -= bytes.length;
        yield bytes;
      }
    },
  };
}

const textAt = (bytes, at, length) => bytes.toString('utf8', at, at + length).replace(/\0.*$/s, '');
const numberAt = (bytes, at, length) =>
  bytes[at] & 0x80
    ? Number(bytes.subarray(at + 1, at + length).reduce((sum, byte) => sum * 256n + BigInt(byte), 0n))
    : Number.parseInt(textAt(bytes, at, length).trim() || '0', 8);

async function* entries(stream) {
  const input = reader(stream);
  let long = {};
  for (;;) {
    const bytes = await input.exactly(block);
    if (!bytes || bytes.every((byte) => byte === 0)) return;
    const type = String.fromCharCode(bytes[156] || 48);
    const size = numberAt(bytes, 124, 12);
    const body = async () => (await input.exactly(size + padding(size).length)).subarray(0, size);
    if (type === 'L') long.name = (await body()).toString().replace(/\0.*$/s, '');
    else if (type === 'K') long.linkname = (await body()).toString().replace(/\0.*$/s, '');
    else if (type === 'x' || type === 'g') {
      for (const [, key, value] of (await body()).toString().matchAll(/\d+ ([^=\n]+)=([^\n]*)\n/g))
        if (key === 'path') long.name = value;
        else if (key === 'linkpath') long.linkname = value;
    } else {
      const prefix = textAt(bytes, 257, 5) === 'ustar' ? textAt(bytes, 345, 155) : '';
      const name = long.name ?? (prefix ? `${prefix}/${textAt(bytes, 0, 100)}` : textAt(bytes, 0, 100));
      const linkname = long.linkname ?? textAt(bytes, 157, 100);
      const facts = {
        mode: numberAt(bytes, 100, 8),
        uid: numberAt(bytes, 108, 8),
        gid: numberAt(bytes, 116, 8),
        mtime: numberAt(bytes, 136, 12),
      };
      yield { type, name, linkname, size, ...facts, content: () => input.upTo(size) };
      await input.exactly(padding(size).length);
      long = {};
    }
  }
}

async function unpack(entry, folder, options) {
  const path = resolve(folder, entry.name.replace(/^\/+/, ''));
  if (path !== folder && !path.startsWith(folder === '/' ? '/' : `${folder}/`))
    throw new Error(`${entry.name}: leads out of the folder`);
  await mkdir(entry.type === '5' ? path : dirname(path), { recursive: true });
  if (entry.type === '0' || entry.type === '7') {
    await rm(path, { force: true });
    const file = createWriteStream(path);
    for await (const chunk of entry.content())
      if (!file.write(chunk)) await new Promise((done) => file.once('drain', done));
    await new Promise((done, fail) => file.once('error', fail).end(done));
  } else {
    for await (const _ of entry.content());
    if (entry.type !== '2') return;
    await rm(path, { force: true });
    await symlink(entry.linkname, path);
  }
  if (process.getuid() === 0 && !options.includes('o')) await lchown(path, entry.uid, entry.gid);
  if (entry.type !== '2') await chmod(path, entry.mode & (options.includes('o') ? 0o777 & ~process.umask() : 0o7777));
  if (!options.includes('m')) await lutimes(path, entry.mtime, entry.mtime);
}

async function create(paths, folder, out, verbose) {
  for (const path of paths) {
    const name = path.replace(/^\/+/, '') || '.';
    for await (const bytes of pack(resolve(folder, path), name, verbose))
      if (!out.write(bytes)) await new Promise((done) => out.once('drain', done));
  }
  await new Promise((done) => out.end(Buffer.alloc(2 * block), done));
}

/** kubectl cp asks for `--no-same-owner` and `--no-same-permissions`, before the letters. */
function takeLongOptions(args) {
  const long = args.filter((arg) => arg.startsWith('--'));
  for (const option of long) args.splice(args.indexOf(option), 1);
  return long;
}

export async function run(args) {
  const long = takeLongOptions(args);
  if (args.length === 0) throw new Error('usage: tar c|x|t[vzmof] [ARCHIVE] [-C FOLDER] [PATH...]');
  const letters = args.shift().replace(/^-/, '');
  const options = letters + (long.includes('--no-same-owner') ? 'o' : '');
  const next = (flag) => (args.includes(flag) ? args.splice(args.indexOf(flag), 2)[1] : undefined);
  const name = options.includes('f') ? args.shift() : '-';
  const folder = resolve(next('-C') ?? '.');
  const paths = args.filter((arg) => !arg.startsWith('-'));
  if (options.includes('c')) {
    const file = name === '-' ? process.stdout : createWriteStream(name);
    const out = options.includes('z') ? createGzip() : file;
    if (out !== file) out.pipe(file);
    return create(paths, folder, out, options.includes('v'));
  }
  const raw = name === '-' ? process.stdin : createReadStream(name);
  for await (const entry of entries(options.includes('z') ? raw.pipe(createGunzip()) : raw)) {
    if (options.includes('t') || options.includes('v')) console.log(entry.name);
    if (options.includes('x')) await unpack(entry, folder, options);
    else for await (const _ of entry.content());
  }
}
