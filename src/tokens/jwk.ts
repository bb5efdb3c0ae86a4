/** A JSON Web Key. RFC 7517; its members by kind of key: RFC 7518 §6 and RFC 8037 §2. */
export interface Jwk {
  kty?: string;
  alg?: string;
  /** The key's name; its RFC 7638 thumbprint where there is none. */
  kid?: string;
  use?: string;
  key_ops?: string[];
  crv?: string;
  x?: string;
  y?: string;
  n?: string;
  e?: string;
  k?: string;
  d?: string;
  p?: string;
  q?: string;
  dp?: string;
  dq?: string;
  qi?: string;
}
