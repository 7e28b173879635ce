import { parentPort } from 'node:worker_threads'
import { codeOf, messageOf } from '../../errors.ts'
import { JpegDecoder, JpegEncoder } from './codec.ts'
import type { PictureAnswer, PictureJob } from './pictures.ts'

const encoder = new JpegEncoder()
const decoder = new JpegDecoder()

function answer(job: PictureJob): PictureAnswer {
  try {
    return { result: 'encode' in job ? encoder.encode(job.encode) : decoder.decode(job.decode) }
  } catch (error) {
    return { code: (codeOf(error) ?? 'PICTURE_UNDECODABLE') as 'PICTURE_UNDECODABLE', message: messageOf(error) }
  }
}

parentPort!.on('message', (job: PictureJob) => parentPort!.postMessage(answer(job)))
