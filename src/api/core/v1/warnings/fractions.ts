import { Quantity, type FieldPath, type Warnings } from '#machinery';

type Amounts = Readonly<Record<string, string>> | undefined;

/** There is no half a byte. */
export function warnOfFractions(amounts: Amounts, name: string, warnings: Warnings, path: FieldPath): void {
  const amount = amounts?.[name];
  if (amount === undefined || Quantity.parse(amount).milliValue() % 1000 === 0) return;
  warnings.at(path.key(name), `fractional byte value ${JSON.stringify(amount)} is invalid, must be an integer`);
}
