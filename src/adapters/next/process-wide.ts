/** What stands at one moment of a request: another object once an action has changed it. */
export interface RequestState {
  /** The Cookie header, with what actions have set since. */
  readonly cookie: string | undefined;
}

interface Shared {
  readonly sessions: Map<string, unknown>;
  readonly requests: WeakMap<object, RequestState>;
}

/**
 * Next.js loads a module once for its pages, once for its actions and once for its proxy, and in development again at every change.
 * What those copies share stands here, under the version of its shape.
 */
const key = Symbol.for('hallpass.next.1');

function shared(): Shared {
  const home = globalThis as { [key]?: Shared };
  if (home[key] === undefined) {
    const value: Shared = { sessions: new Map(), requests: new WeakMap() };
    Object.defineProperty(home, key, { value });
  }
  return home[key] as Shared;
}

/** The sessions of this name in the process: whoever asks first makes them. */
export function sharedSessions<Made>(name: string, make: () => Made): Made {
  const { sessions } = shared();
  if (!sessions.has(name)) sessions.set(name, make());
  return sessions.get(name) as Made;
}

/** @param headers of the request, which name it */
export function requestState(headers: Pick<Headers, 'get'>): RequestState {
  const { requests } = shared();
  let state = requests.get(headers);
  if (state === undefined) {
    state = { cookie: headers.get('cookie') ?? undefined };
    requests.set(headers, state);
  }
  return state;
}

/** From now on the request is in this state. */
export function changeRequestState(headers: object, state: RequestState): void {
  shared().requests.set(headers, state);
}
