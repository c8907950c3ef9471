import { compare, hash } from 'bcryptjs';
import { RpcError } from '#wire';

const maxPasswordBytes = 72;

/** The bcrypt hash of a password. Throws in the words of Go's bcrypt when it is too long to count in full. */
export async function hashPassword(password: string, cost: number): Promise<Uint8Array> {
  if (Buffer.byteLength(password) > maxPasswordBytes)
    throw new RpcError('Unknown', 'bcrypt: password length exceeds 72 bytes');
  return Buffer.from(await hash(password, cost));
}

/** Whether a password is the one that was hashed. */
export async function isPassword(password: string, hashed: Uint8Array): Promise<boolean> {
  if (hashed.length === 0) return false;
  return compare(password, Buffer.from(hashed).toString());
}
