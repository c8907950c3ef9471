import { isatty, WriteStream } from 'node:tty';

/** stty size: the rows and columns of the terminal. */
export function run([word]) {
  const terminal = [0, 1, 2].find((descriptor) => isatty(descriptor));
  if (terminal === undefined) throw new Error('standard input: Inappropriate ioctl for device');
  if (word !== undefined && word !== 'size' && word !== '-a') throw new Error('usage: stty size');
  const [columns, rows] = new WriteStream(terminal).getWindowSize();
  console.log(word === 'size' ? `${rows} ${columns}` : `rows ${rows}; columns ${columns};`);
}
