module.exports = { testMatch: ['**/*.jest.cjs'], extensionsToTreatAsEsm: ['.ts'], transform: {} };
