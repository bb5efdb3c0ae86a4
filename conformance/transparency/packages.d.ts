/** What the harness uses of packages that come without types. */
declare module 'compression' {
  import type { RequestHandler } from 'express';
  export default function compression(options?: { threshold?: number }): RequestHandler;
}

declare module 'express4' {
  import express from 'express';
  export default express;
}

declare module 'fastify4' {
  import fastify from 'fastify';
  export default fastify;
}

declare module 'serverless-http' {
  export default function serverless(app: object): (event: object, context: object) => Promise<unknown>;
}

declare module '@codegenie/serverless-express' {
  export default function serverlessExpress(given: {
    app: object;
  }): (event: object, context: object) => Promise<unknown>;
}
