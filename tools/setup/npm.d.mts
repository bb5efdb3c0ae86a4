interface Part {
  readonly package: string;
  readonly commands: readonly string[];
}

/** The path of the part's command, if exactly this version of its package is installed. */
export declare function locate(root: string, name: string, part: Part): string | undefined;
