/** The part of a store that can fail on its own. */
export interface StoreServer {
  /** Ends it as `kill -9` does. */
  kill(): Promise<void>;
  /** Starts it again on what it had on the disk. */
  restart(): Promise<void>;
}

/** A store that was started for a load. */
export interface Started extends AsyncDisposable {
  /** The loopback ports on which it is asked; none where it lives in the processes of the app. */
  readonly ports: readonly number[];
  /** Where the processes of the app find it, when they ask these ports instead, each in the place of one of `ports`. */
  url(through: readonly number[]): string;
  /** Absent where nothing can be killed that is not an app, or all would be gone. */
  readonly server?: StoreServer;
}
