import type { Warnings } from '#machinery';
import type { ResourceSlice } from './resource-slice.ts';

/** Drivers are told apart by names in small letters. */
export function warnOfResourceSlice({ spec }: ResourceSlice, warnings: Warnings): void {
  const { driver } = spec;
  if (driver === driver.toLowerCase()) return;
  const name = JSON.stringify(driver);
  warnings.add(`spec.driver: driver names should be lowercase; ${name} contains uppercase characters`);
}
