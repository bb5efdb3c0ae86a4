import type { ServerResponse } from 'node:http';
import { isAboutTheBody } from '../../server/about-body.ts';
import type { Visit } from '../../server/visit.ts';
import { absorb, NodeHead, type WriteHeadArguments } from './head.ts';
import type { Outgoing } from './messages.ts';

/** What is to be done before the head of an answer goes out: a visit. */
export type Settlement = Pick<Visit<object, never>, 'commit' | 'isPlain' | 'write' | 'answer'>;

/** How far a response has come for whoever wrote to it, while that waits. */
const progress = Symbol('hallpass.progress');
type Veiled = ServerResponse & { [progress]?: 'begun' | 'ended' };

/**
 * To whoever asks the response, what waits has been sent. By prototypes, one for each that responses come with: properties of
 * its own would make every response a slow object.
 */
function veil(outgoing: Veiled): void {
  const prototype: ServerResponse = Object.getPrototypeOf(outgoing);
  if (veils.has(prototype)) return;
  let veiled = veiledBy.get(prototype);
  if (veiled === undefined) {
    veiled = {
      __proto__: prototype,
      get headersSent(): boolean {
        return (this as Veiled)[progress] !== undefined || super.headersSent;
      },
      get writableEnded(): boolean {
        return (this as Veiled)[progress] === 'ended' || super.writableEnded;
      },
    } as object;
    veiledBy.set(prototype, veiled);
    veils.add(veiled);
  }
  Object.setPrototypeOf(outgoing, veiled);
}

const veiledBy = new WeakMap<object, object>();
const veils = new WeakSet<object>();

/**
 * Lets nothing of an answer out before it is settled. The first write of whatever kind, by `res.json`, a redirect or a pipe,
 * waits for the commit, and what comes after it waits in its turn. Where there is nothing to wait for, nothing waits.
 * Informational answers (1xx) are not the answer, and pass.
 * @param hasFailed asked at the first write: did the handler throw?
 */
export function holdHead(held: Outgoing, visit: Settlement, hasFailed: () => boolean): void {
  const outgoing = held as Veiled; // The two kinds of response agree on what is used here, but not on its type.
  const { writeHead, write, end, flushHeaders } = outgoing;
  /** `untouched` until the first write; then `waiting`, until what is written is `released`, or `dropped`. */
  let state: 'untouched' | 'waiting' | 'released' | 'dropped' = 'untouched';
  const steps: (() => unknown)[] = [];
  let wantsDrain = false;

  const release = () => {
    state = 'released';
    if (!visit.isPlain) visit.write(new NodeHead(outgoing));
  };

  const wait = (pending: Promise<void>) => {
    state = 'waiting';
    const { statusCode } = outgoing;
    veil(outgoing);
    outgoing[progress] = 'begun';
    const drain = () => wantsDrain && outgoing.emit('drain');
    const replay = () => {
      outgoing[progress] = undefined;
      outgoing.statusCode = statusCode;
      release();
      let accepted: unknown;
      for (const step of steps) accepted = step();
      if (accepted !== false) drain();
    };
    const replace = async (error: unknown) => {
      state = 'dropped';
      drain();
      const answer = visit.answer(error);
      const body = Buffer.from(await answer.arrayBuffer());
      outgoing[progress] = undefined;
      startAnew(outgoing, answer);
      release();
      end.call(outgoing, body, 'utf8');
      state = 'dropped';
    };
    pending.then(replay, replace).catch((error) => outgoing.destroy(error));
  };

  /** True when the caller may write at once. */
  const isOpen = (): boolean => {
    if (state === 'untouched') {
      const pending = visit.commit(hasFailed());
      if (pending === undefined) release();
      else wait(pending);
    }
    return state === 'released';
  };
  const later = (step: () => unknown) => {
    if (state === 'waiting') steps.push(step);
  };

  outgoing.writeHead = ((...args: WriteHeadArguments) => {
    if (state === 'released' || args[0] < 200) return Reflect.apply(writeHead, outgoing, args);
    if (state !== 'untouched') return outgoing;
    outgoing.statusCode = args[0];
    const pending = visit.commit(hasFailed());
    if (pending === undefined && visit.isPlain) {
      state = 'released';
      return Reflect.apply(writeHead, outgoing, args);
    }
    absorb(outgoing, args);
    const { statusCode } = outgoing;
    if (pending === undefined) {
      release();
      return writeHead.call(outgoing, statusCode);
    }
    wait(pending);
    later(() => writeHead.call(outgoing, statusCode));
    return outgoing;
  }) as ServerResponse['writeHead'];

  outgoing.write = ((...args: Parameters<typeof write>) => {
    if (isOpen()) return Reflect.apply(write, outgoing, args);
    later(() => Reflect.apply(write, outgoing, args));
    wantsDrain ||= state === 'waiting';
    return state === 'dropped';
  }) as typeof write;

  outgoing.end = ((...args: Parameters<typeof end>) => {
    if (isOpen()) return Reflect.apply(end, outgoing, args);
    later(() => Reflect.apply(end, outgoing, args));
    if (state === 'waiting') outgoing[progress] = 'ended';
    return outgoing;
  }) as typeof end;

  outgoing.flushHeaders = () => {
    if (isOpen()) flushHeaders.call(outgoing);
    else later(() => flushHeaders.call(outgoing));
  };
}

/** Puts the head of another answer in place of the present one. */
function startAnew(outgoing: ServerResponse, answer: Response): void {
  for (const name of outgoing.getHeaderNames()) {
    if (isAboutTheBody(name)) outgoing.removeHeader(name);
  }
  outgoing.statusCode = answer.status;
  outgoing.statusMessage = '';
  for (const [name, value] of answer.headers) outgoing.setHeader(name, value);
}
