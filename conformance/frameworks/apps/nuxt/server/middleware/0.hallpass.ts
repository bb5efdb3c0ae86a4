export default defineEventHandler(pass);
