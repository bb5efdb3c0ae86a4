import { CookieJar } from '../../jar/index.ts';
import type { RacePlan } from './plan.ts';
import { fill, nameOf, type PlannedRequest } from './planned-request.ts';
import { type Answer, TimedRequest, urlOf } from './timed-request.ts';

/** What is filled into a write. */
export interface Written {
  readonly field: string;
  readonly value: string;
}

/** What all browsers of a run share. */
export interface Site {
  readonly origin: URL;
  readonly plan: RacePlan;
  readonly signal: AbortSignal | undefined;
  /** Hears of every request. */
  onRequest(): void;
}

/** A visitor: keeps cookies and tokens of what it has received, and sends them with the next request. */
export class Browser {
  readonly #site: Site;
  readonly #jar = new CookieJar({ secureOnLoopback: true });
  readonly #taken = new Map<string, string>();
  /** All that it has received, in its order. */
  readonly #received: Answer[] = [];

  constructor(site: Site) {
    this.#site = site;
  }

  /** True when it keeps a cookie. */
  get hasCookies(): boolean {
    return this.#jar.size > 0;
  }

  /** A browser that knows what this one knows now. */
  fork(): Browser {
    const copy = new Browser(this.#site);
    for (const answer of this.#received) copy.receive(answer);
    return copy;
  }

  /** A request with what the browser has now; it leaves when it is told to. */
  open(planned: PlannedRequest, written?: Written): TimedRequest {
    const { origin, plan, signal, onRequest } = this.#site;
    const values = (name: string) =>
      name === 'value' || name === 'field'
        ? written?.[name]
        : (plan.secrets.get(name) ?? this.#taken.get(name));
    const request = fill(planned, values);
    const cookie = this.#jar.header(urlOf(origin, request.path));
    const headers = {
      accept: '*/*',
      'user-agent': 'hallpass-race',
      'sec-fetch-site': 'same-origin',
      ...(!['GET', 'HEAD'].includes(request.method) && { origin: origin.origin }),
      ...request.headers,
      ...(cookie !== '' && { cookie }),
    };
    onRequest();
    return new TimedRequest(origin, { ...request, headers }, nameOf(planned), signal);
  }

  /** Takes in an answer, as a browser does when it arrives. */
  receive(answer: Answer): void {
    this.#received.push(answer);
    const { url, cookies, text } = answer;
    for (const line of cookies) this.#jar.set(line, url);
    for (const [name, source] of this.#site.plan.take) {
      const value = 'cookie' in source ? this.#jar.get(source.cookie)?.value : source.pattern.exec(text)?.[1];
      if (value !== undefined) this.#taken.set(name, value);
    }
  }

  /** Sends a request and takes in its answer. */
  async ask(planned: PlannedRequest, written?: Written): Promise<Answer> {
    const sent = this.open(planned, written);
    sent.finish();
    const answer = await sent.answer;
    this.receive(answer);
    return answer;
  }
}
