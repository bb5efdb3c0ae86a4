/** Something that looks again at its session when it is told to. */
export interface Viewing {
  readonly handle: string;
  readonly user: string | undefined;
  readonly externalId: string | undefined;
  lookAgain(): void;
}

/** The views of this process: whoever ends a session here has them look at once. */
export class Views {
  readonly #byHandle = new Map<string, Set<Viewing>>();

  add(view: Viewing): void {
    const present = this.#byHandle.get(view.handle);
    if (present === undefined) this.#byHandle.set(view.handle, new Set([view]));
    else present.add(view);
  }

  remove(view: Viewing): void {
    const present = this.#byHandle.get(view.handle);
    present?.delete(view);
    if (present?.size === 0) this.#byHandle.delete(view.handle);
  }

  /** Something happened to this session. */
  touched(handle: string): void {
    for (const view of this.#byHandle.get(handle) ?? []) view.lookAgain();
  }

  /** Something happened to all sessions of which this is true. */
  touchedWhere(concerns: (view: Viewing) => boolean): void {
    for (const views of this.#byHandle.values()) {
      for (const view of views) if (concerns(view)) view.lookAgain();
    }
  }
}
