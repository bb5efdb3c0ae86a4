import type { StoredSessions } from 'hallpass/session';
import type { Account, AccountStore, Passkey } from './account-store.ts';
import {
  type Cost,
  hashPassword,
  isOutdated,
  isPassword,
  nobodysHash,
  runScrypt,
  type Scrypt,
  usualCost,
} from './password.ts';

/** Somebody who may sign in, as pages know them. */
export interface User {
  id: string;
  name: string;
}

/** The people this desk knows. */
export interface Accounts {
  find(id: string): Promise<User | undefined>;
  /** The new user, or nothing when the id is taken. */
  signUp(person: User & { password: string }): Promise<User | undefined>;
  /** The user, when the password is right. As much work for an unknown user, and for a hash of a former cost. */
  verify(id: string, password: string): Promise<User | undefined>;
  setPassword(id: string, password: string): Promise<void>;
  /** The passkeys of a user; none of somebody that there is not. */
  passkeys(id: string): Promise<Passkey[]>;
  addPasskey(id: string, passkey: Passkey): Promise<void>;
  removePasskey(id: string, passkeyId: string): Promise<void>;
  /** Keeps how often it signed, so that a copy that is behind is noticed. */
  usedPasskey(id: string, passkeyId: string, counter: number): Promise<void>;
}

/** Two people to try the desk with. `main.ts` prints them, outside production. */
export const demoUsers = [
  { id: 'ada', name: 'Ada Lovelace', password: 'analytical-engine' },
  { id: 'grace', name: 'Grace Hopper', password: 'first-compiler' },
] as const;

/** Makes the two where they are missing. Everybody knows their passwords, so a cheap hash, which starts sooner, will do until they sign in. */
export async function addDemoUsers(store: AccountStore): Promise<void> {
  const accounts = createAccounts(store, { ln: 10, r: 8, p: 1 });
  await Promise.all(demoUsers.map(accounts.signUp));
}

/** Takes away those of the two whose password is still the one that everybody knows, with their sessions and tokens. */
export async function removeDemoUsers(
  store: AccountStore,
  sessions: Pick<StoredSessions, 'revokeAll'>,
): Promise<void> {
  for (const { id, password } of demoUsers) {
    const account = await store.read(id);
    if (account === undefined || !(await isPassword(password, account.password))) continue;
    await sessions.revokeAll(id);
    await store.remove(account);
  }
}

/** The id that somebody means who types this user name. */
export const idOf = (userName: string): string => userName.trim().toLowerCase();

/**
 * Keeps a salted hash for each person, never the password.
 * @param cost of new hashes, and of every check; older ones are made again at a sign-in
 */
export function createAccounts(
  store: AccountStore,
  cost: Cost = usualCost,
  scrypt: Scrypt = runScrypt,
): Accounts {
  const nobody = nobodysHash(cost);

  /** Changes an account, again from the beginning when another request was first. */
  async function change(id: string, fields: (account: Account) => Partial<Account>): Promise<void> {
    for (;;) {
      const account = await store.read(id);
      if (account === undefined) throw new Error('The account is gone.');
      if (await store.replace({ ...account, ...fields(account) })) return;
    }
  }

  return {
    find: async (id) => userOf(await store.read(id)),

    async signUp({ id, name, password }) {
      // The hash comes first, so a name that is taken takes as long as one that is free.
      const account = {
        id,
        name,
        password: await hashPassword(password, cost, scrypt),
        passkeys: [],
        version: 1,
      };
      return (await store.insert(account)) ? userOf(account) : undefined;
    },

    async verify(id, password) {
      const account = await store.read(id);
      const right = await isPassword(password, account?.password ?? nobody, cost, scrypt);
      if (!right || account === undefined) return undefined;
      if (isOutdated(account.password, cost)) await this.setPassword(id, password);
      return userOf(account);
    },

    async setPassword(id, password) {
      const hash = await hashPassword(password, cost, scrypt);
      await change(id, () => ({ password: hash }));
    },

    passkeys: async (id) => (await store.read(id))?.passkeys ?? [],

    addPasskey: (id, passkey) => change(id, ({ passkeys }) => ({ passkeys: [...passkeys, passkey] })),

    removePasskey: (id, passkeyId) =>
      change(id, ({ passkeys }) => ({ passkeys: passkeys.filter((passkey) => passkey.id !== passkeyId) })),

    usedPasskey: (id, passkeyId, counter) =>
      change(id, ({ passkeys }) => ({
        passkeys: passkeys.map((passkey) => (passkey.id === passkeyId ? { ...passkey, counter } : passkey)),
      })),
  };
}

function userOf(account: Account | undefined): User | undefined {
  return account && { id: account.id, name: account.name };
}
