/** What an object answers with, as far as it is used here. */
interface ObjectResponse {
  json(): Promise<unknown>;
}

/** Reaches one object. */
export interface ObjectStub {
  fetch(url: string, init: { method: string; body: string }): Promise<ObjectResponse>;
}

/** A binding to a class of Durable Objects, known by its shape. */
export interface ObjectNamespace<Id = unknown> {
  idFromName(name: string): Id;
  get(id: Id): ObjectStub;
}

/** The SQL of an object's storage, as far as it is used here. */
export interface ObjectSql {
  // biome-ignore lint/suspicious/noExplicitAny: the platform names the same values by types that do not meet
  exec(text: string, ...values: any[]): { raw(): Iterable<unknown> };
}

/** The state that an object is made with, as far as it is used here. */
export interface ObjectState {
  readonly storage: {
    /** Absent in an object that was not declared to have SQLite. */
    readonly sql?: ObjectSql;
    transactionSync<T>(step: () => T): T;
    getAlarm(): Promise<number | null>;
    setAlarm(at: number): Promise<void>;
  };
}
