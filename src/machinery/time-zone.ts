/**
 * Whether the time zone database has a zone of this name. As for Go, which looks for a file of that name, upper and lower
 * case matter; for names that stand for another zone (`US/Eastern`) nobody can tell us their case.
 */
export function isTimeZone(name: string): boolean {
  if (name === '' || name === 'UTC') return true;
  if (/^[+-]/.test(name)) return false; // an offset, which is no zone to Go
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions();
    return timeZone === name || timeZone.toLowerCase() !== name.toLowerCase();
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
