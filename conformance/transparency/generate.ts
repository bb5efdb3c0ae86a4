import type { Host } from './hosts/host.ts';
import { hostOf } from './hosts/hosts.ts';
import type { ClientKind, Framework, Program, SessionUse, StoreKind, Style } from './program.ts';
import { Random } from './random.ts';

/** A list in which some come more often. */
const often = <T>(...list: readonly (readonly [T, number])[]): T[] =>
  list.flatMap(([one, times]) => Array<T>(times).fill(one));

const frameworks: readonly Framework[] = often<Framework>(
  ['express', 6],
  ['express4', 2],
  ['fastify', 5],
  ['http', 4],
  ['http2', 3],
  ['hono', 4],
  ['listener', 6],
  ['codegenie', 1],
  ['serverless-http', 1],
  ['upgrade', 1],
);
const clients = often<ClientKind>(
  ['plain', 5],
  ['again', 6],
  ['pipelined', 3],
  ['slow', 1],
  ['gone', 1],
  ['reset', 1],
  ['old', 1],
  ['closing', 1],
);
const uses = often<SessionUse>(
  ['none', 2],
  ['read', 2],
  ['renew', 3],
  ['set', 6],
  ['login', 4],
  ['logout', 2],
  ['rotate', 1],
  ['schema', 1],
  ['cookie', 1],
  ['sealed cookie', 2],
  ['large cookie', 1],
  ['unawaited', 1],
);
const stores = often<StoreKind>(['memory', 5], ['quick', 4], ['slow', 10], ['failing', 1], ['late', 1]);
const styles = often<Style>(['async', 5], ['sync', 3], ['detached', 1]);

export interface Choice {
  readonly seed: number;
  /** Only programs for this one. */
  readonly framework?: Framework;
}

/** Picks of a list in which some come more often, or each of them as often: what is rare alone is hardly ever met together. */
class Picks {
  readonly random: Random;
  readonly #isEven: boolean;

  constructor(random: Random) {
    this.random = random;
    this.#isEven = random.chance(0.35);
  }

  pick<T>(list: readonly T[]): T {
    return this.random.pick(this.#isEven ? [...new Set(list)] : list);
  }

  /** True with this probability, or, where all comes as often, with the other. */
  chance(usual: number, even: number): boolean {
    return this.random.chance(this.#isEven ? even : usual);
  }
}

/** The program with this number: the same for the same seed, whatever other programs are made. */
export async function generate({ seed, framework }: Choice, number: number): Promise<Program> {
  const random = new Random(Math.imul(seed, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b));
  const picks = new Picks(random);
  const chosen = framework ?? picks.pick(frameworks);
  const host = await hostOf(chosen);
  const onPort = host.listen !== undefined;
  const method = picks.chance(0.65, 0.4) ? 'GET' : picks.chance(0.7, 0.5) ? 'POST' : 'HEAD';
  return {
    framework: chosen,
    method,
    path: picks.chance(0.01, 0.02) && onPort ? '/%' : '/',
    upload: method !== 'POST' ? 'none' : random.pick(['none', 'small', 'parts'] as const),
    conditional: picks.chance(0.06, 0.2),
    client: onPort ? picks.pick(clients) : 'plain',
    visitor: random.chance(0.5) ? 'ada' : 'stranger',
    session: picks.pick(uses),
    opens: random.chance(0.5) ? 'before' : 'inside',
    store: picks.pick(stores),
    around: surroundingsOf(host, picks),
    style: picks.pick(styles.filter((style) => !host.styles || host.styles.includes(style))),
    steps: stepsOf(host, method === 'POST', picks),
  };
}

function surroundingsOf({ around }: Host, picks: Picks): string[] {
  const { random } = picks;
  const wanted = picks.pick([0, 0, 0, 1, 1, 2, 3]);
  const chosen = new Set<string>();
  for (let i = 0; i < wanted && around.length > 0; i++) chosen.add(random.pick(around));
  const compression = around.filter((name) => name.startsWith('compression'));
  if (compression.length > 0 && random.chance(0.15)) chosen.add(random.pick(compression));
  return [...chosen];
}

/** What handlers really do, or may do, with something unusual in it; sometimes anything after anything. */
function stepsOf({ steps, idioms }: Host, reads: boolean, picks: Picks): string[] {
  const { random } = picks;
  const one = (group: string): string[] => {
    const names = steps[group] ?? [];
    return names.length === 0 ? [] : [random.pick(names)];
  };
  const some = (group: string, most: number) =>
    Array.from({ length: random.below(most + 1) }).flatMap(() => one(group));
  const groups = Object.keys(steps);
  const kind = random.next();
  if (picks.chance(0, 0.6))
    return Array.from({ length: 1 + random.below(6) }, () => random.pick(Object.values(steps).flat()));
  if (kind < 0.2)
    return random.chance(0.8)
      ? [...random.pick(idioms)]
      : [...random.pick(idioms), ...one(random.pick(groups))];
  const list =
    kind < 0.8
      ? [
          ...some('head', 2),
          ...some('body', 2),
          ...(random.chance(0.85) ? one('end') : []),
          ...some(random.pick(['wait', 'end', 'body']), 1),
        ]
      : Array.from({ length: 1 + random.below(6) }).flatMap(() => one(random.pick(groups)));
  if (reads && random.chance(0.6)) list.unshift(...one('read'));
  if (random.chance(0.4)) list.splice(random.below(list.length + 1), 0, ...one('trouble'));
  if (random.chance(0.3)) list.splice(random.below(list.length + 1), 0, ...one('wait'));
  return list.slice(0, 6).map((name) => (random.chance(0.12) ? `try ${name}` : name));
}
