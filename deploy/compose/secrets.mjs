// Makes the passwords of compose.yaml, once: node deploy/compose/secrets.mjs
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'

const password = () => randomBytes(24).toString('hex')
const secrets = {
  POSTGRES_PASSWORD: password(),
  S3_SECRET: password(),
  MEDIA_PASSWORD: password(),
  GRAFANA_PASSWORD: password(),
  SEALING_KEY: randomBytes(32).toString('base64'),
}
const file = new URL('.env', import.meta.url)
try {
  const text = Object.entries(secrets).map(([name, value]) => `${name}=${value}\n`)
  writeFileSync(file, text.join(''), { mode: 0o600, flag: 'wx' })
} catch (error) {
  if (error.code !== 'EEXIST') throw error
  process.stderr.write('There is a .env already; it stays as it is.\n')
}
