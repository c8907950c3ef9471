import { Quantity } from '#machinery';

/** Amounts by the name of the resource (`staging/src/k8s.io/apiserver/pkg/quota/v1/resources.go`). */
export type Amounts = Readonly<Record<string, Quantity>>;

/** Reads amounts as objects have them. */
export function amountsOf(texts: Readonly<Record<string, string>> | undefined): Amounts {
  return Object.fromEntries(Object.entries(texts ?? {}).map(([name, text]) => [name, Quantity.parse(text)]));
}

/** Amounts as objects have them. */
export function textsOf(amounts: Amounts): Record<string, string> {
  return Object.fromEntries(Object.entries(amounts).map(([name, amount]) => [name, amount.toString()]));
}

/** Both together. */
export function sumOf(some: Amounts, more: Amounts): Amounts {
  const sum: Record<string, Quantity> = { ...some };
  for (const [name, amount] of Object.entries(more)) sum[name] = sum[name]?.add(amount) ?? amount;
  return sum;
}

/** Of each resource the larger amount. */
export function largestOf(some: Amounts, others: Amounts): Amounts {
  const largest: Record<string, Quantity> = { ...some };
  for (const [name, amount] of Object.entries(others)) {
    const known = largest[name];
    if (!known || amount.compare(known) > 0) largest[name] = amount;
  }
  return largest;
}

/** What is left of `some` without `others`; never less than nothing. */
export function leftOf(some: Amounts, others: Amounts): Amounts {
  const entries = Object.entries(some).map(([name, amount]) => {
    const left = amount.sub(others[name] ?? Quantity.zero);
    return [name, left.sign() < 0 ? Quantity.zero : left] as const;
  });
  return Object.fromEntries(entries);
}

/** The amounts of some resources alone. */
export function selectAmounts(amounts: Amounts, isWanted: (name: string, amount: Quantity) => boolean): Amounts {
  return Object.fromEntries(Object.entries(amounts).filter(([name, amount]) => isWanted(name, amount)));
}

/** `cpu=1,pods=2`, sorted: as errors show amounts. */
export function showAmounts(amounts: Amounts): string {
  return Object.entries(amounts)
    .map(([name, amount]) => `${name}=${amount.toString()}`)
    .sort()
    .join(',');
}
