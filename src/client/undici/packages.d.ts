declare module 'undici6' {
  export * from 'undici';
}
