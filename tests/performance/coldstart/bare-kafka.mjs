// Node and the Kafka client alone, doing what a function on the log does at least: an event comes in, is read, and another goes out.
import { promisify } from 'node:util'
import { zstdCompress, zstdDecompress } from 'node:zlib'
import kafkajs, { Kafka, logLevel } from 'kafkajs'

kafkajs.CompressionCodecs[kafkajs.CompressionTypes.ZSTD] = () => ({
  compress: ({ buffer }) => promisify(zstdCompress)(buffer),
  decompress: (buffer) => promisify(zstdDecompress)(buffer),
})
const { BROKER, GROUP, TOPIC, ANSWERS } = process.env
const kafka = new Kafka({ brokers: [BROKER], logLevel: logLevel.ERROR })
const [consumer, producer] = [kafka.consumer({ groupId: GROUP }), kafka.producer()]
await Promise.all([consumer.connect(), producer.connect()])
await consumer.subscribe({ topics: [TOPIC], fromBeginning: true })
await consumer.run({
  eachMessage: async ({ message: { key, value, headers } }) => {
    const type = String(headers.ce_type)
    const isJson = String(headers['content-type']).includes('json')
    const answer = { type, data: isJson ? JSON.parse(String(value)) : value.length }
    await producer.send({ topic: ANSWERS, messages: [{ key, value: JSON.stringify(answer) }] })
    process.stderr.write(`"msg":"first event" of ${type}\n`)
  },
})
process.on('SIGTERM', async () => {
  await Promise.all([consumer.disconnect(), producer.disconnect()])
  process.exit()
})
