export default defineEventHandler(async (event) => {
  (await pass.session(event)).logout();
  return { signedOut: true };
});
