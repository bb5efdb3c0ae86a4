/** Turns a value's text into what stands in the cookie and back, bound to the cookie's name: `signed(ring)`, `sealed(ring)`. */
export interface Codec {
  encode(text: string, cookieName: string): Promise<string>;
  /** `undefined` for everything that this codec did not write for this name. */
  decode(text: string, cookieName: string): Promise<string | undefined>;
}
