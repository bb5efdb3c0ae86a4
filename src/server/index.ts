export type { Context } from './context.ts';
export type { ContextCookies } from './cookies.ts';
export type { CorsPolicy, CsrfPolicy, ServerEvent } from './options.ts';
export { type PipelineOptions, pipeline } from './pipeline.ts';
