const escapes = { n: '\n', t: '\t', r: '\r', '\\': '\\', 0: '\0' };

/** printf FORMAT [ARG...]: %s, %d and %%; the format is used again while there are arguments. */
export function run([format = '', ...args]) {
  const plain = format.replaceAll(/\\([ntr\\0])/g, (_, letter) => escapes[letter]);
  do {
    process.stdout.write(
      plain.replaceAll(/%(-?\d*)([sd%])/g, (_, width, kind) => {
        if (kind === '%') return '%';
        const text = kind === 'd' ? String(Number(args.shift() ?? 0)) : (args.shift() ?? '');
        return width.startsWith('-') ? text.padEnd(-width) : text.padStart(Number(width));
      }),
    );
  } while (args.length > 0 && /%[^%]/.test(format));
}
