export default defineEventHandler(async (event) => ({ user: await pass.context(event).requireUser() }));
