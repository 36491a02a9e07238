// Which tests are of pages that the engine cannot answer yet?

const isForMock = process.env.MOCK_PAGES !== undefined && !process.env.RAPPORT_URL

/**
 * For tests of pages that stand only in the build for the mock (src/app/ready.ts): elsewhere they
 * are skipped, and the run says why. `npm run e2e:mock` runs them.
 */
export const onlyMock = {
  skip: isForMock ? false : 'only before the mock: the engine serves no segments yet',
}
