/** What these tests use of packages that come without types, or whose types say more than an ambient module may. */
declare module 'koa' {
  import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

  interface Context {
    readonly req: IncomingMessage;
    readonly res: ServerResponse;
    readonly path: string;
    body: unknown;
    status: number;
    redirect(url: string): void;
  }
  export default class Koa {
    silent: boolean;
    use(middleware: (ctx: Context, next: () => Promise<void>) => unknown): this;
    callback(): RequestListener;
  }
}

declare module '@nestjs/common' {
  export function Module(metadata: object): ClassDecorator;
  export function Controller(path?: string): ClassDecorator;
  export function Get(path?: string): MethodDecorator;
  export function Req(): ParameterDecorator;
}

declare module '@nestjs/core' {
  import type { RequestHandler } from 'express';

  interface Application {
    use(...handlers: RequestHandler[]): this;
    listen(port: number, host: string): Promise<unknown>;
    getUrl(): Promise<string>;
    close(): Promise<void>;
  }
  export const NestFactory: {
    create(module: unknown, options: { logger: false }): Promise<Application>;
  };
}

declare module 'h3' {
  import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

  interface Event {
    readonly method: string;
    readonly path: string;
    readonly headers: Headers;
    readonly node: { readonly req: IncomingMessage; readonly res: ServerResponse };
  }
  interface App {
    use(handler: object): this;
    use(path: string, handler: object): this;
  }
  export function createApp(options?: { onBeforeResponse?(event: Event): unknown }): App;
  export function eventHandler(handler: (event: Event) => unknown): object;
  export function fromNodeMiddleware(
    middleware: (req: IncomingMessage, res: ServerResponse, next: (error?: unknown) => void) => unknown,
  ): object;
  export function toNodeListener(app: App): RequestListener;
  export function toWebHandler(app: App): (request: Request) => Promise<Response>;
}

declare module 'cloudflare:workers' {
  export class WorkerEntrypoint {}
  export class DurableObject {
    constructor(state: object, env: object);
  }
}
