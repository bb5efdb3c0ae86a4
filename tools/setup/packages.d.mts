/** Why the packages have to be installed, or undefined when all stand. */
export declare function whyInstall(root: string): string | undefined;
