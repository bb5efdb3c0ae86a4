export type PartName =
  | 'chromium'
  | 'firefox'
  | 'webkit'
  | 'xvfb'
  | 'postgres'
  | 'pgbouncer'
  | 'redis'
  | 'lua'
  | 'node-22'
  | 'node-26'
  | 'deno'
  | 'wrk';

/** What tests and benches need and package-lock.json does not bring. */
export declare const parts: Record<
  PartName,
  {
    readonly tests: string;
    readonly from: 'apt' | 'npm';
    readonly package: string;
    readonly commands: readonly string[];
    /** A folder with one of each version, its programs in bin: Debian keeps them off PATH. */
    readonly versionsIn?: string;
  }
>;

/** The parts that `npm run conformance` needs. */
export declare const runtimes: readonly PartName[];

/** The parts that `npm run bench` needs. */
export declare const ofBenches: readonly PartName[];

/** The parts that `npm test` needs. */
export declare const ofTests: readonly PartName[];

/** The path of a part's executable, or undefined when this machine has none. */
export declare function locate(name: PartName): string | undefined;

/** What a person types to get a part. */
export declare function howToGet(name: PartName): string;
