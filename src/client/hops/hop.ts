import type { HopView } from '../../scope/hop.ts';
import type { Reason } from '../../scope/verdict.ts';
import type { ScopedCredential } from '../credentials/scoped-credential.ts';
import type { HeaderPair, LiteralCookie } from '../request/headers.ts';
import type { RequestTemplate } from '../request/template.ts';
import type { CallHopFacts, HopRecord } from '../trace/trace.ts';
import type { Run } from './run.ts';

/** A credential that signs, and which of the verdicts in the hop's record is on it. */
export interface Signer {
  readonly scoped: ScopedCredential;
  readonly place: number;
}

/** The functions of a credential that can have a hop repeated. */
type Repeat = 'challenge' | 'received';

/** One request of a call. Each step leaves on it what it found out: what is attached, what was sent, what was answered. */
export class Hop {
  readonly run: Run;
  /** What it is made from. Hooks may change its headers before it is sent. */
  template: RequestTemplate;
  /** 0 for the call's first request; repeating one does not count. */
  index = 0;
  /** Milliseconds to wait before it is sent. */
  wait = 0;
  /** Milliseconds that the call has waited where redirects asked for it. */
  waited = 0;
  /** The redirect that led here, as callbacks see it. */
  redirectedBy: { readonly from: string; readonly status: number } | undefined = undefined;
  /** Headers that hooks have added, lifted out. */
  hooked: readonly ScopedCredential[] = none;
  /** The caller's own cookies; one ends where the server sets a cookie of its name. */
  literalCookies: ReadonlyMap<string, LiteralCookie>;

  /** `url` on the wire: with the secrets that belong in a query, without the fragment. */
  wireUrl = '';
  /** Every header on the wire. */
  readonly wireHeaders: HeaderPair[] = [];
  /** The credentials that were asked and not refused: those that may answer a challenge of this hop. */
  sentCredentials: readonly ScopedCredential[] = none;
  /** Where the headers of credentials came from. */
  sources: readonly { readonly name: string; readonly from: ScopedCredential }[] = none;
  /** Those of the credentials that sign it when all else is there. */
  signers: readonly Signer[] = none;
  /** What it was repeated for, so that nothing repeats it for ever. */
  repeats: ReadonlySet<Repeat> = nothing;

  /** What the trace keeps of it. */
  readonly record: HopRecord;

  /** True once the transport has given something. What fails from then on is no failure to send. */
  answered = false;
  /** Its answer: nobody asks before it has come. */
  response!: Response;
  #view: HopView | undefined;

  constructor(
    run: Run,
    template: RequestTemplate,
    cause: HopRecord['cause'] = 'start',
    before: readonly URL[] = none,
    rewrites: readonly Reason[] = none,
  ) {
    this.run = run;
    this.template = template;
    this.literalCookies = run.call.cookies;
    const { url, method } = template;
    this.record = {
      facts: { url, method, initiator: run.settings.initiator, time: 0, before },
      began: 0,
      cause,
      rewrites,
      secretVerdicts: none,
      jar: undefined,
      omit: run.call.omit,
      ms: 0,
    };
  }

  /** What the rules are asked with. */
  get facts(): CallHopFacts {
    return this.record.facts;
  }

  /**
   * Where it goes. It is one object: `template.url`, and `facts.url`, which is `record.facts.url`, are the same. On the wire, in
   * `wireUrl`, the secrets that belong in a query are added.
   */
  get url(): URL {
    return this.template.url;
  }

  /** The credential that has attached the header of this name, or signed by it. */
  attachedBy(name: string): ScopedCredential | undefined {
    for (const source of this.sources) if (source.name === name) return source.from;
    return undefined;
  }

  /** The hop as callbacks see it: the same object, however often it is sent. Made when somebody asks. */
  get view(): HopView {
    this.#view ??= Object.freeze({
      url: this.url.href,
      method: this.template.method,
      index: this.index,
      ...this.redirectedBy,
    });
    return this.#view;
  }

  /** The same hop once more, after `wait` milliseconds. */
  again(cause: 'challenge' | 'retry', wait = 0): Hop {
    const hop = new Hop(this.run, this.template, cause, this.facts.before);
    hop.index = this.index;
    hop.redirectedBy = this.redirectedBy;
    hop.#view = this.#view;
    hop.wait = wait;
    hop.repeats = this.repeats;
    return hop.#after(this);
  }

  /** The same hop once more, as this function of a credential asks. */
  againFor(repeat: Repeat): Hop {
    const hop = this.again('challenge');
    hop.repeats = new Set([...this.repeats, repeat]);
    return hop;
  }

  /** The hop that a redirect leads to, after `wait` milliseconds. No secret goes with it: `attach` asks for each again. */
  redirected(template: RequestTemplate, rewrites: readonly Reason[], status: number, wait: number): Hop {
    const before = [...this.facts.before, this.url];
    const hop = new Hop(this.run, template, 'redirect', before, rewrites).#after(this);
    hop.index = this.index + 1;
    hop.redirectedBy = { from: this.url.href, status };
    hop.wait = wait;
    hop.waited += wait;
    return hop;
  }

  /** Takes over from the hop before it what holds for the rest of the call. */
  #after({ hooked, literalCookies, waited }: Hop): this {
    this.waited = waited;
    this.hooked = hooked;
    this.literalCookies = literalCookies;
    return this;
  }
}

const none: readonly never[] = Object.freeze([]);
const nothing: ReadonlySet<never> = new Set();
