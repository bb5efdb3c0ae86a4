import { setNewest } from '../errors/set-newest.ts';
import type { Report } from './events.ts';
import { networkOf } from './network.ts';

const burst = 20;
const burstWindow = 60_000;
const manyAddresses = 5;
const manyAgents = 3;
const spreadWindow = 3_600_000;
const mostRemembered = 10_000;

interface Burst {
  readonly since: number;
  count: number;
}

/** Who opened a session, as far as it is known. */
interface Source {
  readonly address?: string | undefined;
  readonly device?: string | undefined;
}

/** What one session was seen with. */
interface Spread {
  readonly since: number;
  readonly values: Set<string>;
}

/**
 * Notices what no single request shows: many refused cookies from one network, and one session in many networks or from many
 * programs. Each is reported once a window. What it remembers is bounded, and stays in memory.
 */
export class AnomalyDetector {
  readonly #report: Report;
  readonly #bursts = new Map<string, Burst>();
  readonly #networks = new Map<string, Spread>();
  readonly #agents = new Map<string, Spread>();

  constructor(report: Report) {
    this.#report = report;
  }

  /** A cookie was not accepted. Those who come without an address count as one. */
  refused(address: string | undefined, now: number): void {
    const network = address && (networkOf(address) ?? address);
    const found = recent(this.#bursts, network ?? '', now - burstWindow, () => ({ since: now, count: 0 }));
    found.count += 1;
    if (found.count !== burst) return;
    this.#report({ type: 'burst-of-failures', network, count: burst, within: burstWindow });
  }

  /** A session was opened from this address, and by a program with this User-Agent. */
  seen(selector: string, { address, device }: Source, now: number): void {
    const network = address && (networkOf(address) ?? address);
    if (isSpread(this.#networks, selector, network, manyAddresses, now))
      this.#report({ type: 'id-from-many-addresses', count: manyAddresses, within: spreadWindow }, selector);
    if (isSpread(this.#agents, selector, device, manyAgents, now))
      this.#report({ type: 'id-from-many-agents', count: manyAgents, within: spreadWindow }, selector);
  }
}

/** True for the value that makes as many different ones of a session as are suspicious. */
function isSpread(
  remembered: Map<string, Spread>,
  selector: string,
  value: string | undefined,
  many: number,
  now: number,
): boolean {
  if (value === undefined) return false;
  const begin = () => ({ since: now, values: new Set<string>() });
  const { values } = recent(remembered, selector, now - spreadWindow, begin);
  if (values.size === many) return false;
  values.add(value);
  return values.size === many;
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
  const begun = begin();
  setNewest(remembered, name, begun, mostRemembered);
  return begun;
}
