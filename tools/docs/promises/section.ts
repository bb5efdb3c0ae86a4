/** Promises that belong together. A key is the number by which tests name the promise, a value what is promised. */
export interface Section {
  readonly title: string;
  readonly about: string;
  readonly promises: Readonly<Record<string, string>>;
}
