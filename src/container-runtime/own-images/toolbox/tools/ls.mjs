import { lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

function line(path, name, isLong) {
  if (!isLong) return name;
  const status = lstatSync(path);
  const type = status.isDirectory() ? 'd' : status.isSymbolicLink() ? 'l' : '-';
  const bits = [...'rwxrwxrwx'].map((letter, index) => (status.mode & (0o400 >> index) ? letter : '-')).join('');
  const target = type === 'l' ? ` -> ${readlinkSync(path)}` : '';
  const time = status.mtime.toISOString().slice(0, 16).replace('T', ' ');
  return `${type}${bits} ${status.nlink} ${status.uid} ${status.gid} ${status.size} ${time} ${name}${target}`;
}

/** ls [-laARd] [PATH...] */
export function run(args) {
  const flags = args.filter((arg) => arg.startsWith('-')).join('');
  const paths = args.filter((arg) => !arg.startsWith('-'));
  let code = 0;
  for (const path of paths.length > 0 ? paths : ['.']) {
    try {
      const isFolder = lstatSync(path.endsWith('/') ? `${path}.` : path).isDirectory() && !flags.includes('d');
      const names = isFolder
        ? readdirSync(path)
            .sort()
            .filter((name) => /[aA]/.test(flags) || !name.startsWith('.'))
        : [path];
      if ((paths.length > 1 || flags.includes('R')) && isFolder) console.log(`${path}:`);
      for (const name of names) console.log(line(isFolder ? join(path, name) : name, name, flags.includes('l')));
      if (isFolder && flags.includes('R'))
        for (const name of names)
          if (lstatSync(join(path, name)).isDirectory())
            code = run([`-${flags.replaceAll('-', '')}`, join(path, name)]) || code;
    } catch (error) {
      console.error(`ls: ${path}: ${error.code === 'ENOENT' ? 'No such file or directory' : error.message}`);
      code = 1;
    }
  }
  return code;
}
