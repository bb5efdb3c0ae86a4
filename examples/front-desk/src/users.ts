import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

/** Somebody who may sign in. */
export interface User {
  id: string;
  name: string;
}

/** The people this desk knows. */
export interface Users {
  find(id: string): User | undefined;
  /** The user, when the password is right. Takes equally long for an unknown user. */
  verify(id: string, password: string): Promise<User | undefined>;
}

/** Two people to try the desk with. `main.ts` prints them. */
export const demoUsers = [
  { id: 'ada', name: 'Ada Lovelace', password: 'analytical-engine' },
  { id: 'grace', name: 'Grace Hopper', password: 'first-compiler' },
] as const;

const derive = promisify<string, Buffer, number, Buffer>(scrypt);
const hashLength = 32;

interface Entry extends User {
  salt: Buffer;
  hash: Buffer;
}

/** Keeps a salted scrypt hash for each person, never the password. */
export async function createUsers(people: readonly (User & { password: string })[]): Promise<Users> {
  const entries = new Map<string, Entry>();
  for (const { id, name, password } of people) {
    const salt = randomBytes(16);
    entries.set(id, { id, name, salt, hash: await derive(password, salt, hashLength) });
  }
  const nobody = { salt: randomBytes(16), hash: randomBytes(hashLength) };

  return {
    find: (id) => publicPart(entries.get(id)),
    async verify(id, password) {
      const entry = entries.get(id);
      const { salt, hash } = entry ?? nobody;
      const right = timingSafeEqual(await derive(password, salt, hashLength), hash);
      return right ? publicPart(entry) : undefined;
    },
  };
}

function publicPart(entry: Entry | undefined): User | undefined {
  return entry && { id: entry.id, name: entry.name };
}
