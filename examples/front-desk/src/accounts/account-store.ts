/** The public half of a passkey: nobody can sign in with it. */
export interface Passkey {
  /** As the device names it. */
  id: string;
  /** base64url */
  publicKey: string;
  /** How often it signed, by its own count; 0 where it does not count. */
  counter: number;
  transports: string[];
  /** What its owner calls it. */
  name: string;
  /** Milliseconds since 1970. */
  addedAt: number;
}

/** What the desk keeps of a person. */
export interface Account {
  /** The user name, in lower case. It never changes, and sessions carry it. */
  id: string;
  /** How the desk addresses the person. */
  name: string;
  /** A hash of the password, never the password. */
  password: string;
  passkeys: Passkey[];
  /** Counts the changes, so that none is lost. */
  version: number;
}

/** Where accounts are kept. Each method is one atomic step. */
export interface AccountStore {
  read(id: string): Promise<Account | undefined>;
  /** False when the id is taken. */
  insert(account: Account): Promise<boolean>;
  /** Puts the account in the place of the one with its id and version, as the next version. False when another change was first. */
  replace(account: Account): Promise<boolean>;
  /** Takes away the account with this id and version. False when another change was first. */
  remove(account: Account): Promise<boolean>;
  close(): Promise<void>;
}

/** Accounts that are gone with the process, for tests. */
export function memoryAccounts(): AccountStore {
  const accounts = new Map<string, Account>();
  return {
    read: async (id) => structuredClone(accounts.get(id)),
    async insert(account) {
      if (accounts.has(account.id)) return false;
      accounts.set(account.id, structuredClone(account));
      return true;
    },
    async replace(account) {
      if (accounts.get(account.id)?.version !== account.version) return false;
      accounts.set(account.id, { ...structuredClone(account), version: account.version + 1 });
      return true;
    },
    async remove({ id, version }) {
      return accounts.get(id)?.version === version && accounts.delete(id);
    },
    async close() {},
  };
}
