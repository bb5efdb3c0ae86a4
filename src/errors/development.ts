/** True where the console is the developer's own: NODE_ENV is `development`, or unset. Asked each time: a program may set it late. */
export const isDevelopment = (): boolean =>
  (globalThis.process?.env?.NODE_ENV ?? 'development') === 'development';
