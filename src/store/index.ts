export type {
  Ended,
  LoginSwap,
  PatchResult,
  RevocationList,
  SessionPatch,
  SessionRecord,
  SessionStore,
  VerifierSwap,
} from './contract.ts';
