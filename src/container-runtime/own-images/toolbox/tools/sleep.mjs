const units = { s: 1, m: 60, h: 3600, d: 86400 };

/** Seconds of `10`, `0.5`, `2m`, `infinity`. */
export function seconds(text) {
  if (text === 'infinity' || text === 'inf') return Infinity;
  const match = /^(\d+(?:\.\d*)?|\.\d+)([smhd]?)$/.exec(text);
  if (!match) throw new Error(`invalid time interval '${text}'`);
  return Number(match[1]) * units[match[2] || 's'];
}

export async function run(args) {
  if (args.length === 0) throw new Error('missing operand');
  let left = args.map(seconds).reduce((sum, value) => sum + value, 0) * 1000;
  for (; left > 0; left -= 1e9) await new Promise((resolve) => setTimeout(resolve, Math.min(left, 1e9)));
}
