/** What is used of Next.js, which is no dependency: as small as it is taken. */
declare module 'next/headers.js' {
  export function headers(): Promise<Headers>;
  export function cookies(): Promise<{ set(cookie: object): unknown }>;
}

declare module 'next/server.js' {
  export const connection: (() => Promise<void>) | undefined;
  export const NextResponse: { next(init: { request: { headers: Headers } }): Response };
}
