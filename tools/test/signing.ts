import {
  type Client,
  type ClientOptions,
  type CredentialSpec,
  createClient,
  credential,
} from 'hallpass/client';

export const secret = 'hp-secret-signature';

export type Sign = NonNullable<CredentialSpec['sign']>;

export const signature: Sign = () => ({ headers: { signature: secret } });

/** A client whose one credential for this origin is this, and what else it says. */
export const signing = (origin: string, spec: Partial<CredentialSpec>, options: ClientOptions = {}): Client =>
  createClient({ credentials: credential({ name: 'signature', for: origin, ...spec }), ...options });
