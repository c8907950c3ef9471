import { resource } from '#machinery';
import { limitRangeColumns } from './limit-columns.ts';
import { setLimitRangeDefaults } from './limit-range-defaults.ts';
import { validateLimitRange } from './limit-range-validation.ts';
import { LimitRange } from './limit-range.ts';

export const limitRanges = resource({
  group: '',
  version: 'v1',
  kind: LimitRange,
  plural: 'limitranges',
  shortNames: ['limits'],
  namespaced: true,
  columns: limitRangeColumns,
  setDefaults: setLimitRangeDefaults,
  validate: validateLimitRange,
});
