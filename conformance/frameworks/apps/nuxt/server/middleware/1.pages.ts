/** What a page shows of its visitor, it asks routes for: so it is the visitor's alone, and renews their session. */
export default defineEventHandler(async (event) => {
  if (!event.path.startsWith('/api/')) await pass.session(event);
});
