export type { Context } from './context.ts';
export type { ContextCookies } from './cookies.ts';
export type { CorsPolicy, CsrfPolicy, ServerEvent, SiteData } from './options.ts';
export { type Answer, type PipelineOptions, pipeline } from './pipeline.ts';
export type { ContextTokens } from './tokens.ts';
