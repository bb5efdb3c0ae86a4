import { createGzip } from 'node:zlib';

// Compression and digests work in threads, of which the event loop shows nothing: they take as long as they take.

interface Compressor {
  readonly destroyed: boolean;
  readonly readableLength: number;
  readonly readableHighWaterMark: number;
  _transform(chunk: unknown, encoding: unknown, callback: (...args: unknown[]) => void): void;
}

const compressing = new Set<Compressor>();
let digesting = 0;
const ofEvery = prototypeWith(createGzip(), '_transform');
const { _transform } = ofEvery;

ofEvery._transform = function (chunk, encoding, callback) {
  compressing.add(this);
  _transform.call(this, chunk, encoding, (...args) => {
    compressing.delete(this);
    callback(...args);
  });
};

const { subtle } = globalThis.crypto;
const { digest } = subtle;
subtle.digest = async (...args) => {
  digesting++;
  try {
    return await digest.apply(subtle, args);
  } finally {
    digesting--;
  }
};

/** True while a thread works. It does not at what nobody reads on. */
export function threadsWork(): boolean {
  if (digesting > 0) return true;
  for (const stream of compressing) {
    if (stream.destroyed) compressing.delete(stream);
    else if (stream.readableLength < stream.readableHighWaterMark) return true;
  }
  return false;
}

/** The prototype that has a method itself. */
function prototypeWith(object: object, name: keyof Compressor): Compressor {
  return Object.hasOwn(object, name)
    ? (object as Compressor)
    : prototypeWith(Object.getPrototypeOf(object), name);
}
