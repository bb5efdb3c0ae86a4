/** A browser that runs, with its windows closed. */
export interface Browser {
  /** As it calls itself. */
  readonly version: string;
  /** Opens one window more and sends it to a URL; does not wait for it. */
  open(url: string): Promise<void>;
  /** Sends a window, counted from 0, to a URL. */
  send(window: number, url: string): Promise<void>;
  /** What the browser says of its own about the cookies of each step, by `number/step`; only Chromium says something. */
  readonly reasons?: ReadonlyMap<string, CookieReasons>;
  close(): Promise<void>;
}

/** Why Chromium did not set or send cookies at one step. */
export interface CookieReasons {
  /** By the cookie's `name;domain;path;partition`: what was sent is left out. */
  readonly sent: Record<string, readonly string[]>;
  /** A Set-Cookie line that was not taken, and why. */
  readonly set: (readonly [line: string, reasons: readonly string[]])[];
}

/** The engines that are asked. */
export const engineNames = ['chromium', 'firefox', 'webkit'] as const;
export type { EngineName } from '../../../src/index.ts';
