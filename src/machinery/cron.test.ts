import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCronSchedule, type CronField } from './cron.ts';

const told = ({ values, isOpen }: CronField): string => `${[...values].join(' ')}${isOpen ? ' *' : ''}`;

function times(text: string): Record<string, string> {
  const schedule = parseCronSchedule(text);
  assert.ok(schedule.kind === 'times');
  const { minute, hour, dayOfMonth, month, dayOfWeek } = schedule;
  return {
    minute: told(minute),
    hour: told(hour),
    day: told(dayOfMonth),
    month: told(month),
    weekday: told(dayOfWeek),
  };
}

test('a schedule says minutes, hours, days and months, by number, name, range and step', () => {
  assert.deepEqual(times('5,10-12,50/4 2-8/3 ? JAN,dec Mon-wed'), {
    minute: '5 10 11 12 50 54 58',
    hour: '2 5 8',
    day: `${Array.from({ length: 31 }, (_, at) => at + 1).join(' ')} *`,
    month: '1 12',
    weekday: '1 2 3',
  });
  // A star with a step is no longer open.
  assert.equal(times('* * */10 * *')['day'], '1 11 21 31');
  assert.equal(times('*/1 * * * *')['minute']?.endsWith('*'), true);
});

test('some schedules have names', () => {
  assert.deepEqual(times('@weekly'), times('0 0 * * 0'));
  assert.deepEqual(times('@annually'), times('0 0 1 1 *'));
  assert.deepEqual(parseCronSchedule('@every 1h30m1.5s'), { kind: 'every', seconds: 5401 });
  assert.deepEqual(parseCronSchedule('@every 10ms'), { kind: 'every', seconds: 1 });
});

test('a schedule may name its time zone', () => {
  const schedule = parseCronSchedule('CRON_TZ=Asia/Tokyo 30 4 * * *');
  assert.ok(schedule.kind === 'times');
  assert.deepEqual([schedule.timeZone, told(schedule.hour)], ['Asia/Tokyo', '4']);
  assert.deepEqual(parseCronSchedule('TZ=UTC @every 2s'), { kind: 'every', seconds: 2 });
});

const wrong: [text: string, message: string][] = [
  ['', 'empty spec string'],
  ['* * * *', 'expected exactly 5 fields, found 4: [* * * *]'],
  ['@often', 'unrecognized descriptor: @often'],
  ['@every x', 'failed to parse duration x: time: invalid duration "x"'],
  ['60 * * * *', 'end of range (60) above maximum (59): 60'],
  ['* * 0 * *', 'beginning of range (0) below minimum (1): 0'],
  ['5-3 * * * *', 'beginning of range (5) beyond end of range (3): 5-3'],
  ['*/0 * * * *', 'step of range should be a positive number: */0'],
  ['1-2-3 * * * *', 'too many hyphens: 1-2-3'],
  ['1/2/3 * * * *', 'too many slashes: 1/2/3'],
  ['a * * * *', 'failed to parse int from a: strconv.Atoi: parsing "a": invalid syntax'],
  ['* * * * 0-7', 'end of range (7) above maximum (6): 0-7'],
  [
    '99999999999999999999 * * * *',
    'failed to parse int from 99999999999999999999: strconv.Atoi: parsing "99999999999999999999": value out of range',
  ],
  ['TZ=Nowhere * * * * *', 'provided bad location Nowhere: unknown time zone Nowhere'],
  ['TZ=0', 'invalid schedule format: runtime error: slice bounds out of range [:-1]'],
];

for (const [text, message] of wrong) {
  test(`the schedule ${JSON.stringify(text)} is none`, () => {
    assert.throws(() => parseCronSchedule(text), { name: 'RangeError', message });
  });
}
