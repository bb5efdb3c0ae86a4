// As create-next-app writes it.
export default { turbopack: { root: import.meta.dirname }, cacheComponents: true, partialPrefetching: true };
