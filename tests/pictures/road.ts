import { readFile } from 'node:fs/promises'
import { loadModel } from '../../platform/adapters/model-onnxruntime/load-model.ts'
import { Pictures } from '../../platform/adapters/pictures/pictures.ts'
import type { Box } from '../../platform/events/frame.ts'
import { type FrameImage, jpegImage } from '../../platform/events/image.ts'
import { decodeFile } from '../support/decode.ts'
import { sharedFile } from '../support/shared.ts'
import { type Picture, QUALITY } from './scene.ts'

const LEAST_SCORE = 0.4
const WIDTH = 480

const model = sharedFile('models/yolox_nano.onnx')
const names = sharedFile('models/coco80.names')
const stills = [1, 3, 5].map((number) => sharedFile(`images/road/udacity_test${number}.jpg`))
const clip = sharedFile('video/udacity_test_video.mp4')
const highway = sharedFile('video/intel_car-detection.mp4')

/** yolox_nano on real roads: three photographs, and a frame of each clip. */
export const road: Picture = {
  name: 'road.jpg',
  needs: [model, names, ...stills, clip, highway].map(({ skip }) => skip).find((skip) => skip) ?? false,
  async make(browser, place) {
    const pictures = new Pictures()
    const detector = await loadModel({ file: model.path, names: names.path, workers: 1 })
    const images = [
      ...(await Promise.all(stills.map(async ({ path }) => jpegImage(await readFile(path), 1280, 720)))),
      await frameOf(clip.path, 30, pictures),
      await frameOf(highway.path, 225, pictures),
    ]
    const figures: string[] = []
    for (const image of images) figures.push(figure(await image.jpeg(), (await detector.detect(image)).boxes))
    await Promise.all([detector.close(), pictures.close()])
    const page = await browser.newPage({ viewport: { width: WIDTH * images.length, height: (WIDTH * 9) / 16 } })
    await page.setContent(`<style>${STYLE}</style>${figures.join('')}`)
    await page.screenshot({ path: place('road.jpg'), type: 'jpeg', quality: QUALITY })
    await page.close()
  },
}

async function frameOf(path: string, wanted: number, pictures: Pictures): Promise<FrameImage> {
  for await (const { number, pixels } of decodeFile(path)) if (number === wanted) return pictures.image(pixels)
  throw new Error(`${path} has no frame ${wanted}`)
}

const STYLE = `body { margin: 0; display: flex; font: 600 11px sans-serif }
  figure { margin: 0; position: relative; width: ${WIDTH}px; aspect-ratio: 16 / 9; background-size: cover }
  div { position: absolute; box-sizing: border-box; border: 2px solid #22d3ee }
  span { position: absolute; left: -2px; bottom: 100%; padding: 0 3px; background: #22d3ee; white-space: nowrap }`

function figure(jpeg: Uint8Array, boxes: readonly Box[]): string {
  const share = (value: number): string => `${(value * 100).toFixed(2)}%`
  const drawn = boxes
    .filter(({ score }) => score >= LEAST_SCORE)
    .map(({ class: label, score, box: [x, y, width, height] }) => {
      const place = `left:${share(x)};top:${share(y)};width:${share(width)};height:${share(height)}`
      return `<div style="${place}"><span>${label} ${Math.round(score * 100)}</span></div>`
    })
  const picture = `data:image/jpeg;base64,${Buffer.from(jpeg).toString('base64')}`
  return `<figure style="background-image:url(${picture})">${drawn.join('')}</figure>`
}
