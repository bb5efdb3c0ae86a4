import type { Graph } from './graph.ts';
import { type Course, mayKeep } from './oracle.ts';
import { originOf } from './places.ts';
import { labelOf, markersIn } from './secrets.ts';
import type { Arrival } from './world.ts';

/** What went wrong, without a secret in it. */
export interface LintFinding {
  readonly what: 'leak' | 'missing' | 'unexpected' | 'strayed';
  /** Which request, from 0, and where it arrived. */
  readonly request: number;
  readonly at: string;
  readonly secret?: string;
}

/** The markers that arrived where they must not, whatever the client is. */
export function leaksIn(graph: Graph, arrivals: readonly Arrival[]): LintFinding[] {
  return arrivals.flatMap(({ node, raw }, request) => {
    const found = markersIn(raw);
    const planters = arrivals.slice(0, request).flatMap((one) => (one.node < 0 ? [] : one.node));
    const may = node < 0 ? new Set() : mayKeep(graph, node, planters);
    return [...found]
      .filter((marker) => !may.has(marker))
      .map((marker) => finding('leak', graph, request, node, labelOf(marker, graph.secrets)));
  });
}

/** What differs between the requests that arrived and the course that the call had to take. */
export function differences(graph: Graph, arrivals: readonly Arrival[], { requests }: Course): LintFinding[] {
  return arrivals.flatMap(({ node, method, raw }, request) => {
    const due = requests[request];
    if (due?.node !== node || due.method !== method) return [finding('strayed', graph, request, node)];
    const found = markersIn(raw);
    const reported = (what: LintFinding['what'], markers: Iterable<number>, other: ReadonlySet<number>) =>
      [...markers]
        .filter((marker) => !other.has(marker))
        .map((marker) => finding(what, graph, request, node, labelOf(marker, graph.secrets)));
    return [...reported('missing', due.markers, found), ...reported('unexpected', found, due.markers)];
  });
}

/** How a walk ended otherwise than it had to: every circle of a graph ends after its turns. */
export function wrongEnd({ requests, end: due }: Course, arrived: number, end: string): string | undefined {
  if (end !== due) return `ended with ${end} instead of ${due}`;
  return arrived === requests.length ? undefined : `${arrived} requests instead of ${requests.length}`;
}

function finding(
  what: LintFinding['what'],
  graph: Graph,
  request: number,
  node: number,
  secret?: string,
): LintFinding {
  const place = graph.nodes[node]?.place;
  const at = place === undefined ? 'nowhere' : originOf(place);
  return { what, request, at, ...(secret !== undefined && { secret }) };
}
