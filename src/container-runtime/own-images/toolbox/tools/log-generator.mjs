/** log-generator [--lines N] [--every MS] [--bytes B] [--text TEXT] [--stderr]: writes numbered lines; without N for ever. */
export async function run(args) {
  const option = (name, otherwise) => (args.includes(name) ? args[args.indexOf(name) + 1] : otherwise);
  const lines = Number(option('--lines', Infinity));
  const interval = Number(option('--every', option('--interval', 1000)));
  const bytes = Number(option('--bytes', 0));
  const text = option('--text', 'a line of the log');
  const out = args.includes('--stderr') ? process.stderr : process.stdout;
  for (let number = 1; number <= lines; number++) {
    if (!out.write(`${`${number} ${text}`.padEnd(bytes - 1, '.')}\n`))
      await new Promise((resolve) => out.once('drain', resolve));
    if (interval > 0 && number < lines) await new Promise((resolve) => setTimeout(resolve, interval));
  }
}
