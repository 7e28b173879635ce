import { randomBytes } from 'node:crypto'

/** Buckets of a test's own on the server that `npm run test:production` has started; the whole of it goes afterwards. */
export function s3Space(): string {
  const url = process.env.SENTINEL_TEST_S3
  if (!url) throw new Error('There is no SENTINEL_TEST_S3=s3://…. Run these tests with npm run test:production.')
  return `${url}&prefix=t${randomBytes(4).toString('hex')}-`
}
