// A file of its own: it is in the types that programs see, and those on Workers have no types of Node.

/** What every version has of the event that stands for one request. */
export interface H3Event {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
}
