/** hold: keeps the container open until it is told to end, which is then no failure. */
export function run() {
  for (const signal of ['SIGTERM', 'SIGINT']) process.removeAllListeners(signal).once(signal, () => process.exit(0));
  setInterval(() => {}, 2 ** 31 - 1);
}
