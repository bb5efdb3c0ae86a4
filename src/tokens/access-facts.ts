/** Whom an access token speaks for, and how it is named. */
export interface AccessFacts {
  readonly user: string;
  /** The claims that `issue` was given. */
  readonly claims: object;
  readonly jti: string;
  readonly family: string;
  /** In which its family began, of all families of the issuer. */
  readonly epoch: number;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}
