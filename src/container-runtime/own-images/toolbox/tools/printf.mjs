const escapes = { n: '\n', t: '\t', r: '\r', '\\': '\\', 0: '\0' };

/** printf FORMAT [ARG...]: %s, %d, %x, %o and %%; the format is used again while there are arguments. */
export function run([format = '', ...args]) {
  const plain = format.replaceAll(/\\([ntr\\0])/g, (_, letter) => escapes[letter]);
  do {
    process.stdout.write(
      plain.replaceAll(/%(-?\d*)([sdxob%])/g, (_, width, kind) => {
        if (kind === '%') return '%';
        const given = args.shift() ?? '';
        const base = { d: 10, x: 16, o: 8 }[kind];
        const text = base ? (Math.trunc(Number(given)) || 0).toString(base) : given;
        if (width.startsWith('-')) return text.padEnd(-width);
        return text.padStart(Number(width), base && width.startsWith('0') ? '0' : ' ');
      }),
    );
  } while (args.length > 0 && /%[^%]/.test(format));
}
