/** What the entry point needs of Next.js itself. */
export interface NextPlatform {
  /** The headers of the request that is served: the same object for everything that serves it. */
  headers(): Promise<Pick<Headers, 'get'>>;
  /** Settles when a visitor asks: until then Next.js renders ahead of time, where neither clock nor store may be asked. */
  request(): Promise<void>;
  /** Where a server action sets cookies. */
  cookies(): Promise<{ set(cookie: object): unknown }>;
  /** The answer of a proxy that lets the request go on to its page, with these headers. */
  next(headers: Headers): Promise<Response>;
}

/** Loaded when it is first needed: whoever imports this elsewhere, in a test, needs no Next.js. */
export const nextPlatform: NextPlatform = {
  async headers() {
    return (await installed(import('next/headers.js'))).headers();
  },
  async request() {
    await (await installed(import('next/server.js'))).connection?.(); // Next.js 15 and newer
  },
  async cookies() {
    return (await installed(import('next/headers.js'))).cookies();
  },
  async next(headers) {
    return (await installed(import('next/server.js'))).NextResponse.next({ request: { headers } });
  },
};

/** What loads a module differs in the error for a missing one: Node, bundlers, runners of tests. @throws TypeError with that as its cause */
async function installed<Module>(loading: Promise<Module>): Promise<Module> {
  try {
    return await loading;
  } catch (error) {
    const sentence =
      'hallpass/next needs Next.js, which cannot be loaded here: npm install next. Where something else serves, use hallpass/server.';
    throw new TypeError(sentence, { cause: error });
  }
}
