/** What hears of an abort, as `addEventListener` takes it. */
interface AbortListener {
  handleEvent(): void;
}

interface Listening {
  stop(): void;
}

const dropped = new FinalizationRegistry<Listening>((listening) => listening.stop());

/** Listens to a signal that may live long without holding the listener: once nobody else does, the signal is left alone. */
export function listenWeakly(signal: AbortSignal, listener: AbortListener): Listening {
  const ref = new WeakRef(listener);
  const onAbort = () => ref.deref()?.handleEvent();
  const listening = {
    stop() {
      signal.removeEventListener('abort', onAbort);
      dropped.unregister(listening);
    },
  };
  signal.addEventListener('abort', onAbort, { once: true });
  dropped.register(listener, listening, listening);
  return listening;
}
