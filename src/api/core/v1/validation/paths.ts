import type { FieldErrors, FieldPath } from '#machinery';

/** A path that does not climb out of where it starts. */
export function validateNoBacksteps(text: string, errors: FieldErrors, path: FieldPath): boolean {
  if (!text.split('/').includes('..')) return true;
  errors.invalid(path, text, "must not contain '..'");
  return false;
}

/** A path below a given directory. */
export function validateDescendingPath(text: string, errors: FieldErrors, path: FieldPath): void {
  if (text.startsWith('/')) errors.invalid(path, text, 'must be a relative path');
  validateNoBacksteps(text, errors, path);
}

/** A path below a directory that the kubelet writes to, and where it keeps names that begin with `..` for itself. */
export function validateFilePath(text: string, errors: FieldErrors, path: FieldPath): void {
  validateDescendingPath(text, errors, path);
  if (text.startsWith('..') && !text.startsWith('../')) {
    errors.invalid(path, text, "must not start with '..'");
  }
}

/** The mode of a file. */
export function validateFileMode(mode: number | undefined, errors: FieldErrors, path: FieldPath): void {
  if (mode !== undefined && (mode < 0 || mode > 0o777)) {
    errors.invalid(path, mode, 'must be a number between 0 and 0777 (octal), both inclusive');
  }
}
