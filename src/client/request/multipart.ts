/** A form as it goes on the wire: its octets, how many they are, and the Content-Type with the boundary. */
interface Multipart {
  readonly parts: readonly (Uint8Array<ArrayBuffer> | Blob)[];
  readonly length: number;
  readonly type: string;
}

/** The multipart/form-data of a form: its files stay where they are until they are sent. HTML §4.10.21.8, RFC 7578. */
export function multipart(form: FormData): Multipart {
  const boundary = `----hallpass-${crypto.randomUUID()}`;
  const utf8 = new TextEncoder();
  const parts: (Uint8Array<ArrayBuffer> | Blob)[] = [];
  for (const [name, value] of form) {
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${escaped(withCrlf(name))}"`;
    if (typeof value === 'string') parts.push(utf8.encode(`${head}\r\n\r\n${withCrlf(value)}\r\n`));
    else {
      const type = value.type || 'application/octet-stream';
      const file = `${head}; filename="${escaped(value.name)}"\r\nContent-Type: ${type}\r\n\r\n`;
      parts.push(utf8.encode(file), value, utf8.encode('\r\n'));
    }
  }
  parts.push(utf8.encode(`--${boundary}--\r\n`));
  const length = parts.reduce((sum, part) => sum + (part instanceof Blob ? part.size : part.byteLength), 0);
  return { parts, length, type: `multipart/form-data; boundary=${boundary}` };
}

const withCrlf = (text: string) => text.replace(/\r?\n|\r(?!\n)/g, '\r\n');

const escaped = (name: string) => name.replaceAll('\n', '%0A').replaceAll('\r', '%0D').replaceAll('"', '%22');
