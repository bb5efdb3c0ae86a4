export default defineEventHandler(async (event) => {
  (await pass.session(event)).set('boomed', true);
  pass.context(event).cookies.set(theme, 'broken');
  throw new Error('boom');
});
