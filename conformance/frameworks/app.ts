import type { Case } from '../case.ts';

/** A folder of apps/ that is installed, with the exact versions in its package-lock.json. */
export interface Folder {
  readonly name: string;
  /** The folder of apps/ whose files it has too, where it has none of that name. It may have none of its own. */
  readonly base?: string;
  /** The project of TypeScript that its types are checked by, in strict mode. Default: tsconfig.json. */
  readonly project?: string;
  /** Whose declarations fail where `skipLibCheck` is false: they alone may. Default: nobody's. */
  readonly failing?: string;
}

/** An application on somebody's framework. */
export interface App extends Folder {
  /** As the table of the guide calls it. */
  readonly title: string;
  /** The package whose version the table tells. */
  readonly framework: string;
  /** What it is mounted with. */
  readonly entryPoint: string;
  /** The files that make the pipeline and mount it. */
  readonly glue: readonly string[];
  /** The command of Node that makes the production build. Default: it has none. */
  readonly build?: readonly string[];
  /** Further variables of the environment that it is built and served in. Default: none; NODE_ENV is production. */
  readonly environment?: Readonly<Record<string, string>>;
  /** What serves it. Default: Node. */
  readonly runtime?: 'bun' | 'deno';
  /** The command of the runtime that serves it. `PORT` and `ORIGIN` are set. */
  readonly start: readonly string[];
  cases(base: string): Case[];
}
