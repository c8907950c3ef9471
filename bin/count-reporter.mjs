// A reporter of node:test that counts leaves and gathers the reasons of skipped ones, as JSON at the end.
export default async function* count(source) {
  const totals = { passed: 0, failed: 0, skipped: [] };
  for await (const { type, data } of source) {
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    if (data.details?.type === 'suite') continue;
    if (data.skip !== undefined)
      totals.skipped.push(`${data.name}: ${data.skip === true ? 'no reason given' : data.skip}`);
    else if (type === 'test:pass') totals.passed++;
    else totals.failed++;
  }
  yield JSON.stringify(totals);
}
