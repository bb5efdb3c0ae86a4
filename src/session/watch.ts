import type { Report } from './events.ts';
import { networkOf } from './network.ts';

const burst = 20;
const burstWindow = 60_000;
const manyAddresses = 5;
const addressWindow = 3_600_000;
const mostRemembered = 10_000;

interface Burst {
  readonly since: number;
  count: number;
}

interface Places {
  readonly since: number;
  readonly networks: Set<string>;
}

/**
 * Notices what no single request shows: many refused cookies from one network, and one session in many networks. Each is
 * told once a window. What it remembers is bounded, and stays in memory.
 */
export class Watch {
  readonly #report: Report;
  readonly #bursts = new Map<string, Burst>();
  readonly #places = new Map<string, Places>();

  constructor(report: Report) {
    this.#report = report;
  }

  /** A cookie was not accepted. Those who come without an address count as one. */
  refused(address: string | undefined, now: number): void {
    const network = address && networkOf(address);
    const found = recent(this.#bursts, network ?? '', now - burstWindow, () => ({ since: now, count: 0 }));
    found.count += 1;
    if (found.count !== burst) return;
    this.#report({ type: 'burst-of-failures', network, count: burst, within: burstWindow });
  }

  /** A session was opened from here. */
  seen(selector: string, address: string | undefined, now: number): void {
    if (address === undefined) return;
    const begin = () => ({ since: now, networks: new Set<string>() });
    const { networks } = recent(this.#places, selector, now - addressWindow, begin);
    if (networks.size === manyAddresses) return;
    networks.add(networkOf(address));
    if (networks.size < manyAddresses) return;
    const count = manyAddresses;
    this.#report({ type: 'id-from-many-addresses', count, within: addressWindow }, selector);
  }
}

/** What is remembered under this name since that instant, begun anew where that is nothing. The oldest is forgotten first. */
function recent<T extends { readonly since: number }>(
  remembered: Map<string, T>,
  name: string,
  after: number,
  begin: () => T,
): T {
  const found = remembered.get(name);
  if (found !== undefined && found.since > after) return found;
  remembered.delete(name);
  const [oldest] = remembered.keys();
  if (remembered.size >= mostRemembered && oldest !== undefined) remembered.delete(oldest);
  const begun = begin();
  remembered.set(name, begun);
  return begun;
}
