const names =
  /^(?:content-|transfer-encoding$|trailer$|cache-control$|etag$|expires$|last-modified$|location$)/;

/** True for a header that speaks of the body it came with: an answer that takes another's place must not keep it. */
export function isAboutTheBody(name: string): boolean {
  return names.test(name);
}
