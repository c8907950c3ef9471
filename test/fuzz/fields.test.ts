import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { randomInt, seededRandom } from '#base';
import { collectionPath, schemaPaths, wrongValuesFor, type SchemaPath } from './support/schema-paths.ts';
import { fuzzTarget, inParallel, seed } from './support/target.ts';

const hostileTexts = [
  '\u0000',
  '__proto__',
  '\ud800',
  '../../etc/passwd',
  'x'.repeat(10_000),
  '💥'.repeat(100),
  '-',
  ' ',
];
const hostileNumbers = [-1, 2 ** 31, -(2 ** 31) - 1, 2 ** 53, 2 ** 63];
const emptyValues = [null, '', 0, {}, []];

describe('fields of every kind', () => {
  const target = fuzzTarget();
  const random = seededRandom(seed);
  const pick = (values: readonly unknown[]): unknown => values[randomInt(random, values.length)];

  /** Gives one value to each field; returns what was not answered as it should be. */
  async function tryAll(valueFor: (path: SchemaPath) => unknown[], isRight: (status: number) => boolean) {
    const problems: string[] = [];
    const tries = schemaPaths().flatMap((path) => valueFor(path).map((value) => ({ path, value })));
    await inParallel(tries, async ({ path, value }) => {
      const { kindName } = path.resource;
      const told = `${kindName} ${path.at} (${path.type.kind}) = ${JSON.stringify(value).slice(0, 60)}, seed ${seed}`;
      try {
        const url = `${collectionPath(path.resource)}?dryRun=All`;
        const { status, text } = await target.ask(url, { method: 'POST', body: path.with(value) });
        assert.ok(isRight(status), text);
      } catch (error) {
        problems.push(`${told}: ${error instanceof Error ? error.message.slice(0, 300) : String(error)}`);
      }
    });
    await target.assertSound();
    return problems;
  }

  test('a value of the wrong type is refused, at every field', async (t) => {
    const wrong = ({ type }: SchemaPath): unknown[] => {
      const values = wrongValuesFor(type);
      return values.length > 0 ? [pick(values)] : [];
    };
    const problems = await tryAll(wrong, (status) => status === 400 || status === 422);
    target.report(t);
    assert.deepEqual(problems, []);
  });

  test('a hostile value never breaks the server, at every field', async (t) => {
    const hostile = ({ type: { kind } }: SchemaPath): unknown[] => {
      const isNumber = kind === 'int32' || kind === 'int64' || kind === 'double';
      return [pick([...(isNumber ? hostileNumbers : hostileTexts), ...emptyValues])];
    };
    const problems = await tryAll(hostile, () => true);
    target.report(t);
    assert.deepEqual(problems, []);
  });
});
