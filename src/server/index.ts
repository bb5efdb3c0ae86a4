export type { ConsentPolicy, ReadDefined } from './consent.ts';
export type { ServerEvent } from './events.ts';
export type { ExemptRoute, PathPattern } from './exempt-routes.ts';
export type { CorsPolicy, CsrfPolicy, SiteData } from './options.ts';
export { type HandlerResult, type PipelineOptions, pipeline } from './pipeline.ts';
export type { RequestContext } from './request-context.ts';
export type { RequestCookies } from './request-cookies.ts';
export type { RequestTokens } from './request-tokens.ts';
export type { PipelineWatcher } from './watcher.ts';
