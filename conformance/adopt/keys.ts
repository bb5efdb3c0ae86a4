/** By what the values of suite.ts were signed and sealed. */
export const keys = {
  cookieSession: 'the key of tests',
  expressSession: 'the secret of express tests',
  ironSession: 'the password of tests, 32 characters',
  nextAuth: 'the secret of tests',
};

/** Whose session it was there. */
export const old: { sub: string; cart: string[] } = { sub: 'ada', cart: ['tea', 'crème'] };

/** Its id, where it has one. */
export const oldId = 'an-id-of-express-session';
