/** What tests need of the system, and npm cannot bring. */
export declare const parts: Record<
  'chromium',
  { readonly tests: string; readonly commands: readonly string[]; readonly aptPackage: string }
>;

/** The path of a part's executable, or undefined when this machine has none. */
export declare function locate(name: keyof typeof parts): string | undefined;
