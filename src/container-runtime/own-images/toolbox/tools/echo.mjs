export function run(args) {
  const isOpen = args[0] === '-n';
  process.stdout.write(args.slice(isOpen ? 1 : 0).join(' ') + (isOpen ? '' : '\n'));
}
