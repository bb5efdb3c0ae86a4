import { basic, bearer, type Credential, type Scope } from 'hallpass/client';

// Nobody outside the lab takes these, and no trace shows them.
const token = 'hp-secret-demo-token';
const user = 'ada';
const password = 'hp-secret-demo-password';

/** What a server asks for in `Authorization`. Bearer and Basic differ in their text and in nothing else. */
export interface Secret {
  readonly scheme: 'Bearer' | 'Basic';
  /** The value of the header, for code that writes it by hand. */
  readonly header: string;
  /** The same as a credential with a scope. */
  for(scope: Scope | Scope[]): Credential;
}

export const secrets: readonly Secret[] = [
  { scheme: 'Bearer', header: `Bearer ${token}`, for: (scope) => bearer(token, { for: scope }) },
  {
    scheme: 'Basic',
    header: `Basic ${btoa(`${user}:${password}`)}`,
    for: (scope) => basic(user, password, { for: scope }),
  },
];
