export default defineNitroPlugin((nitro) => {
  nitro.hooks.hook('beforeResponse', pass.beforeResponse);
});
