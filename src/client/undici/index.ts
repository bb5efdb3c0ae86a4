export { AddressRefusedError } from './guard.ts';
export { type UndiciOptions, undiciTransport } from './transport.ts';
