import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from '../command.ts';
import type { DevTools } from './devtools.ts';
import type { Recorder } from './recorder.ts';

/** One thing to do in the browser. */
export type Step =
  | { readonly kind: 'visit'; readonly url: URL }
  | { readonly kind: 'click'; readonly selector: string }
  | { readonly kind: 'fill'; readonly selector: string; readonly value: string };

/** What the browser answers, in the time of a step and unless the user ends it. @throws Failure with `late` where it does not */
async function inTime<Answer>(
  answer: Promise<Answer>,
  late: string,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  const { promise: ended, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Failure(`${late} within ${most / 1_000} s.`)), most);
  const stop = () => reject(new Failure('Interrupted.'));
  signal?.addEventListener('abort', stop);
  if (signal?.aborted) stop();
  try {
    return await Promise.race([answer, ended]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }
}

/** Milliseconds without a request that count as the end of a page's work, and the most that a step may take. */
const [quiet, most] = [500, 20_000];

/** Goes through the steps in one tab, and has the recorder told of every request of it and of its frames. */
export async function takeSteps(
  devTools: DevTools,
  steps: readonly Step[],
  recorder: Recorder,
  signal: AbortSignal | undefined,
): Promise<void> {
  let lastRequest = performance.now();
  devTools.listen((event) => {
    if (event.method.startsWith('Network.')) {
      lastRequest = performance.now();
      recorder.take(event);
    }
    if (event.method !== 'Target.attachedToTarget') return;
    const { sessionId } = event.params as { sessionId: string };
    void watch(devTools, sessionId).catch(() => {});
  });
  const sessionId = await inTime(openTab(devTools), 'The browser did not open a tab', signal);

  const settle = async () => {
    const until = performance.now() + most;
    lastRequest = performance.now();
    while (performance.now() - lastRequest < quiet && performance.now() < until)
      await delay(100, undefined, { signal });
  };
  for (const step of steps) {
    const late =
      step.kind === 'visit' ? `${step.url.origin} did not answer` : `A step to ${step.kind} did not end`;
    await inTime(take(devTools, sessionId, step), late, signal);
    await settle();
  }
}

/** The session of a new tab, whose requests are told of. */
async function openTab(devTools: DevTools): Promise<string> {
  const { targetId } = await devTools.send('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = (await devTools.send('Target.attachToTarget', { targetId, flatten: true })) as {
    sessionId: string;
  };
  await watch(devTools, sessionId);
  return sessionId;
}

/** Tells of the requests of a target, and of its frames and workers, before they make any. */
async function watch(devTools: DevTools, sessionId: string): Promise<void> {
  await devTools.send('Network.enable', {}, sessionId);
  await devTools.send(
    'Target.setAutoAttach',
    { autoAttach: true, waitForDebuggerOnStart: true, flatten: true },
    sessionId,
  );
  await devTools.send('Runtime.runIfWaitingForDebugger', {}, sessionId);
}

async function take(devTools: DevTools, sessionId: string, step: Step): Promise<void> {
  if (step.kind === 'visit') {
    const { errorText } = await devTools.send('Page.navigate', { url: step.url.href }, sessionId);
    // An answer that shows no page, as 204 or a download, ends the navigation too.
    if (typeof errorText === 'string' && errorText !== 'net::ERR_ABORTED')
      throw new Failure(`Chromium did not get to ${step.url.origin}: ${errorText}.`);
    return;
  }
  const found = `document.querySelector(${JSON.stringify(step.selector)})`;
  const act =
    step.kind === 'click'
      ? `${found}.click()`
      : `(({ value }) => { const field = ${found}; field.value = value; field.dispatchEvent(new Event('input', { bubbles: true })); })(${JSON.stringify({ value: step.value })})`;
  const { exceptionDetails } = await devTools.send(
    'Runtime.evaluate',
    { expression: act, userGesture: true, awaitPromise: false },
    sessionId,
  );
  if (exceptionDetails !== undefined) throw new Failure(`A step to ${step.kind} found nothing on the page.`);
}
