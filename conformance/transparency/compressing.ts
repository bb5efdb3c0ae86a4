import { createGzip } from 'node:zlib';

interface Compressor {
  readonly destroyed: boolean;
  readonly readableLength: number;
  readonly readableHighWaterMark: number;
  _transform(chunk: unknown, encoding: unknown, callback: (...args: unknown[]) => void): void;
}

/** What zlib works at now, in threads of its own, of which the event loop shows nothing. */
const working = new Set<Compressor>();
const ofEvery = prototypeWith(createGzip(), '_transform');
const { _transform } = ofEvery;

ofEvery._transform = function (chunk, encoding, callback) {
  working.add(this);
  _transform.call(this, chunk, encoding, (...args) => {
    working.delete(this);
    callback(...args);
  });
};

/** True while something is being compressed: that takes as long as it takes. What nobody reads on is not. */
export function isCompressing(): boolean {
  for (const stream of working) {
    if (stream.destroyed) working.delete(stream);
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
