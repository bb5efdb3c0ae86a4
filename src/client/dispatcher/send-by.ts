import type { WireRequest } from '../transport/transport.ts';
import { type Upload, uploadOf } from '../transport/upload.ts';
import { answerOf } from './answer.ts';
import type { Dispatch } from './dispatch.ts';
import type { Dispatcher, DispatchOptions } from './dispatcher.ts';

/** How a transport uses its dispatcher. */
export interface DispatchWay {
  /** The kind of dispatch that the dispatcher takes. */
  readonly Dispatch: new (
    ...of: ConstructorParameters<typeof Dispatch>
  ) => Dispatch;
  /** What goes out besides what the call says: the headers of the request, all in all. */
  headers(request: WireRequest, upload: Upload | undefined): DispatchOptions['headers'];
  /** Milliseconds; 0 where the deadlines of the call alone decide. Default: the dispatcher's own. */
  readonly timeout?: number;
}

/** Sends a request by a dispatcher. */
export function sendBy(dispatcher: Dispatcher, request: WireRequest, way: DispatchWay): Promise<Response> {
  return new Promise((resolve, reject) => {
    const { url, method, body, cancellation } = request;
    const pathAt = url.indexOf('/', url.indexOf('//') + 2);
    const answers = (begun: Dispatch) => {
      try {
        resolve(answerOf(begun));
      } catch (error) {
        reject(error);
        begun.abort(error);
      }
    };
    const dispatch = new way.Dispatch(request, answers, reject);
    if (dispatch.failed) return;
    const upload = body === undefined ? undefined : uploadOf(body, cancellation);
    const { timeout } = way;
    dispatcher.dispatch(
      {
        origin: url.slice(0, pathAt),
        path: url.slice(pathAt),
        method,
        headers: way.headers(request, upload),
        body: upload?.octets ?? null,
        headersTimeout: timeout,
        bodyTimeout: timeout,
        // Each hop is the call's to judge: a dispatcher that followed one would carry its secrets along. So does fetch.
        maxRedirections: 0,
      },
      dispatch,
    );
  });
}
