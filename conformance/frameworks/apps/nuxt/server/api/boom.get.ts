export default defineEventHandler(async (event) => {
  const session = await pass.session(event);
  session.login('mallory');
  session.set('boomed', true);
  pass.context(event).cookies.set(theme, 'broken');
  throw new Error('boom');
});
