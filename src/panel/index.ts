export type { PanelEntry, PanelEvent, PanelExchange, PanelFinding, PanelTrace } from './entries.ts';
export { createPanel, type Panel, type PanelOptions } from './panel.ts';
