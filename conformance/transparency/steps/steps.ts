type Step<Scope> = (scope: Scope) => unknown;
type Table<Scope> = Readonly<Record<string, Readonly<Record<string, Step<Scope>>>>>;

/** The steps of several tables. */
export class Steps<Scope> {
  /** Names by what the steps are for. */
  readonly groups: Readonly<Record<string, readonly string[]>>;
  readonly #steps: ReadonlyMap<string, Step<Scope>>;

  constructor(...tables: readonly Table<Scope>[]) {
    const groups: Record<string, string[]> = {};
    for (const table of tables) {
      for (const [group, steps] of Object.entries(table))
        groups[group] = [...(groups[group] ?? []), ...Object.keys(steps)];
    }
    this.groups = groups;
    this.#steps = new Map(
      tables.flatMap((table) => Object.values(table).flatMap((group) => Object.entries(group))),
    );
  }

  get(name: string): Step<Scope> {
    const step = this.#steps.get(name);
    if (step === undefined) throw new TypeError(`There is no step ${name} here.`);
    return step;
  }

  /** The step as it is written. */
  readonly show = (name: string): string => sourceOf(this.get(name) as (scope: never) => unknown);
}

/** What a step does, as it is written: the function without its head. */
export function sourceOf(step: (scope: never) => unknown): string {
  const source = String(step)
    .replaceAll(/\s+as never\b/g, '')
    .replace(/^(async )?\([^)]*\) =>\s*/, '$1');
  return source
    .replace(/^async (?=[^{])/, '')
    .replace(/^(async )?\{\n\s*([^\n]*);\n\s*\}$/, '$2')
    .replaceAll(/\n {2,4}/g, '\n');
}
