import { once } from 'node:events';
import { startLab } from '../testing/lab/index.ts';
import { readArguments, wholeNumber } from './arguments.ts';
import { type Command, Failure, Misuse } from './command.ts';
import { print, printJson } from './terminal.ts';

const usage = `hallpass lab [--port-base N] [--json]

Starts web servers that misbehave on purpose, on this machine only, until
Ctrl-C.

  --port-base N   the first of five successive ports (default: free ones)
  --json          prints one line of JSON: { origins, ca }; ca is the
                  certificate of the origin tls, to be trusted by whoever
                  calls it, as with NODE_EXTRA_CA_CERTS=file.pem

Exit: 0 stopped, 1 a port was taken, 2 a wrong command line.
`;

const explained = {
  a: 'a host',
  a2: 'the same host, another port',
  b: 'another host',
  localhost: 'a host with a name',
  tls: 'the same host over TLS (certificate: --json)',
} as const;

const paths = `/redirect-to?url=&status_code=  /chain?n=  /loop  /headers  /echo  /need
/set-cookie?name=value&url=  /cookies  /hang?s=  /drip?s=  /empty
`;

const options = { 'port-base': { type: 'string' }, json: { type: 'boolean' } } as const;

export const lab: Command = {
  usage,
  options,

  async run(args, io) {
    const { values, positionals } = readArguments(args, options);
    if (positionals.length > 0) throw new Misuse('lab takes options only.');
    const portBase = values['port-base'];
    const fixed = portBase !== undefined && { portBase: wholeNumber('--port-base', portBase, 1, 65_531) };
    const started = await startLab(fixed || {}).catch((error: Error) => {
      throw new Failure(`The lab did not start: ${error.message}.`);
    });
    const { origins, ca } = started;
    if (values.json) {
      printJson(io, { origins, ca }, 0);
    } else {
      const rows = (Object.keys(explained) as (keyof typeof explained)[]).map(
        (name) => `${name.padEnd(10)}${origins[name].padEnd(25)}${explained[name]}\n`,
      );
      print(io, `${rows.join('')}\n${paths}\nCtrl-C ends it.`);
    }
    const { signal = new AbortController().signal } = io;
    if (!signal.aborted) await once(signal, 'abort');
    await started.close();
    return 0;
  },
};
