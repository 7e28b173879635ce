// Node alone, doing what a Knative function does at least: an event comes in, is read, and is answered.
import { createServer } from 'node:http'

createServer(async (request, response) => {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  const event = { type: request.headers['ce-type'], data: JSON.parse(Buffer.concat(chunks).toString()) }
  process.stderr.write(`"msg":"first event" of ${event.type}\n`)
  response.writeHead(204).end()
}).listen(Number(process.env.SENTINEL_PROBE_PORT), '127.0.0.1')
process.on('SIGTERM', () => process.exit())
