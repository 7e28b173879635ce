// Writes the secrets of a cluster on a laptop into deploy/examples/secrets/made, each once. What is there is left as it is.
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = join(import.meta.dirname, 'made')
if (existsSync(folder)) {
  process.stderr.write(
    `${folder} is there already; delete it to make new secrets. A database keeps its old password.\n`,
  )
  process.exit(1)
}

const word = () => randomBytes(24).toString('base64url')
const [database, objects, media] = [word(), word(), word()]
const data = 'sentinel-data.svc.cluster.local'
const identity = { name: 'sentinel', credentials: [{ accessKey: 'sentinel', secretKey: objects }], actions: ['Admin'] }

const files = {
  'log.env': `SENTINEL_LOG=kafka://kafka.${data}:9092\n`,
  'database.env': `DATABASE_URL=postgres://sentinel:${database}@postgresql.${data}:5432/sentinel\n`,
  'objects.env': `SENTINEL_OBJECTS=s3://sentinel:${objects}@object-store.${data}:8333/?ssl=false\n`,
  'cameras.env': `SENTINEL_SECRET_KEY=${randomBytes(32).toString('base64')}\n`,
  'media.env': `SENTINEL_MEDIA=mediamtx://sentinel:${media}@mediamtx.${data}:9997/?ssl=false\n`,
  'admin-token': word(),
  'postgresql-password': database,
  's3.json': `${JSON.stringify({ identities: [identity] })}\n`,
  'mediamtx.yml': `api: true
apiAddress: :9997
hls: true
hlsAddress: :8888
hlsVariant: lowLatency
webrtc: false
rtmp: false
srt: false
authInternalUsers:
  - user: sentinel
    pass: ${media}
    permissions: [{ action: api }, { action: read }]
`,
}

mkdirSync(folder, { mode: 0o700 })
for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text, { mode: 0o600 })
process.stdout.write(`The secrets lie in ${folder}. Next: kubectl apply -k deploy/examples/secrets\n`)
