export type {
  LoginSwap,
  PatchResult,
  RevocationList,
  SessionPatch,
  SessionRecord,
  SessionStore,
  VerifierSwap,
} from './contract.ts';
