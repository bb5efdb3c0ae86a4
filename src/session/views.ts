/** Something that looks again at its session when it is told to. */
export interface Viewing {
  readonly id: string;
  readonly user: string | undefined;
  readonly externalIds: readonly string[] | undefined;
  lookAgain(): void;
}

/** The views of this process: whoever ends a session here has them look at once. */
export class Views {
  readonly #byId = new Map<string, Set<Viewing>>();

  add(view: Viewing): void {
    const present = this.#byId.get(view.id);
    if (present === undefined) this.#byId.set(view.id, new Set([view]));
    else present.add(view);
  }

  remove(view: Viewing): void {
    const present = this.#byId.get(view.id);
    present?.delete(view);
    if (present?.size === 0) this.#byId.delete(view.id);
  }

  /** Something happened to this session. */
  touched(id: string): void {
    for (const view of this.#byId.get(id) ?? []) view.lookAgain();
  }

  /** Something happened to all sessions of which this is true. */
  touchedWhere(concerns: (view: Viewing) => boolean): void {
    for (const views of this.#byId.values()) {
      for (const view of views) if (concerns(view)) view.lookAgain();
    }
  }
}
