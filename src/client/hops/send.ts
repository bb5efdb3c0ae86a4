import type { Hop } from './hop.ts';

/** Sends one request. Only here does anything reach the network. */
export function send({ wireUrl, wireHeaders, template, run }: Hop): Promise<Response> {
  const { deadline, settings } = run;
  const transport = settings.transport();
  deadline.throwIfAborted();
  deadline.sends(transport.beginsWith ?? 'headers');
  const { method, body } = template;
  const sent = transport({
    url: wireUrl,
    method,
    headers: wireHeaders,
    body,
    cancellation: deadline,
  });
  return transport.endsInTime === true ? sent : deadline.race(sent);
}
