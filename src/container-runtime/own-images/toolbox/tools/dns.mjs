import { Resolver } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';

async function resolvConf() {
  const lines = (await readFile('/etc/resolv.conf', 'utf8').catch(() => ''))
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  const ndots = lines
    .filter(([key]) => key === 'options')
    .flat()
    .find((word) => word.startsWith('ndots:'));
  return { search: lines.findLast(([key]) => key === 'search')?.slice(1) ?? [], ndots: Number(ndots?.slice(6) ?? 1) };
}

/** The names to ask for, in their order (resolv.conf(5): search, ndots). */
function candidates(name, { search, ndots }) {
  if (name.endsWith('.')) return [name.slice(0, -1)];
  const searched = search.map((domain) => `${name}.${domain}`);
  return name.split('.').length - 1 >= ndots ? [name, ...searched] : [...searched, name];
}

function show(record, type) {
  if (typeof record === 'string') return record;
  if (type === 'SRV') return `${record.priority} ${record.weight} ${record.port} ${record.name}`;
  return Array.isArray(record) ? record.join('') : JSON.stringify(record);
}

/** dns NAME [TYPE]: one answer a line; fails when there is none. An address is looked up backwards. */
export async function run([name, wanted]) {
  if (!name) throw new Error('usage: dns NAME [A|AAAA|SRV|PTR|TXT|CNAME]');
  const resolver = new Resolver({ timeout: 2000, tries: 2 });
  const isAddress = isIP(name) > 0;
  const type = (wanted ?? (isAddress ? 'PTR' : 'A')).toUpperCase();
  let failure;
  for (const candidate of isAddress ? [name] : candidates(name, await resolvConf())) {
    try {
      const records = isAddress ? await resolver.reverse(name) : await resolver.resolve(candidate, type);
      for (const record of records) console.log(show(record, type));
      return 0;
    } catch (error) {
      failure = error;
    }
  }
  console.error(`dns: ${name}: ${failure.code}`);
  return 1;
}
