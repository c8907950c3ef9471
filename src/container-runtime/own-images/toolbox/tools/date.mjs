/** date [-u] [+%s|+FORMAT] */
export function run(args) {
  const now = new Date();
  const format = args.find((arg) => arg.startsWith('+'))?.slice(1);
  if (!format) return console.log(now.toUTCString());
  const [day, time] = now.toISOString().split('T');
  const [Y, m, d] = day.split('-');
  const [H, M, S] = time.slice(0, 8).split(':');
  const parts = {
    s: Math.floor(now / 1000),
    N: `${now % 1000}000000`.padStart(9, '0'),
    Y,
    m,
    d,
    H,
    M,
    S,
    F: day,
    T: time.slice(0, 8),
    '%': '%',
  };
  console.log(format.replaceAll(/%([a-zA-Z%])/g, (whole, letter) => parts[letter] ?? whole));
}
