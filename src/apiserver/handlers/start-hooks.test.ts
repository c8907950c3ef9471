import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StartHooks } from './start-hooks.ts';

test('a hook is well when what it names has been done, and not when that has failed', async () => {
  const hooks = new StartHooks();
  const check = (name: string): unknown => hooks.checks.find((one) => one.name === `poststarthook/${name}`)?.check();
  const roles = Promise.withResolvers<void>();
  const followed = hooks.follow(['rbac/bootstrap-roles'], roles.promise);
  assert.throws(() => check('rbac/bootstrap-roles'), /^Error: not finished$/);
  roles.resolve();
  await followed;
  assert.equal(check('rbac/bootstrap-roles'), undefined);
  await assert.rejects(hooks.follow(['bootstrap-controller'], Promise.reject(new Error('no disk'))), /no disk/);
  assert.throws(() => check('bootstrap-controller'), /not finished/);
});
