import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { CAMERAS, homographyOf, PICTURE, positionOf } from './cameras.ts'
import { type ClipFrame, type ClipHead, readClipTruth, writeClipTruth } from './clip-truth.ts'
import { DEMO, type DemoCamera, SEED } from './demo.ts'
import { PLAIN_TINTS } from './moods.ts'
import { ClipWriter } from './output/clip.ts'
import { runProgram } from './program.ts'
import { Renderer } from './renderer.ts'
import { RATE, type Simulation, STEPS, simulate } from './simulation/simulation.ts'
import { trueBoxes } from './truth.ts'
import { usersAt } from './users.ts'

const CITY = dirname(fileURLToPath(import.meta.url))

/** Draws the clips that are missing, each with its truth, and writes the list of cameras for Sentinel's import. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { out: { type: 'string', default: CITY }, only: { type: 'string' } } })
  const wanted = DEMO.filter(({ name }) => !values.only || values.only.split(',').includes(name))
  if (wanted.length === 0) throw new Error(`No camera is named ${values.only}; there are ${names()}.`)
  await mkdir(join(values.out, 'clips'), { recursive: true })
  await writeFile(join(values.out, 'cameras.json'), `${JSON.stringify(DEMO.map(catalogueRow), null, 2)}\n`)
  const missing: DemoCamera[] = []
  for (const camera of wanted) if (!(await isDone(values.out, camera))) missing.push(camera)
  if (missing.length > 0) await renderAll(values.out, missing)
  process.stderr.write(`Clips in ${join(values.out, 'clips')}: ${wanted.length}.\n`)
}

const names = (): string => CAMERAS.map(({ name }) => name).join(', ')

/** A row of the plain catalogue; the import reads what it knows and passes over the rest. */
function catalogueRow(camera: DemoCamera) {
  const { latitude, longitude } = positionOf(camera)
  return {
    name: camera.title,
    source: `clips/${camera.name}.mp4#loop`,
    latitude: Number(latitude.toFixed(6)),
    longitude: Number(longitude.toFixed(6)),
    heading: camera.heading,
    id: camera.name,
    height: camera.height,
  }
}

const fileOf = (out: string, { name }: DemoCamera, ending: string): string => join(out, 'clips', `${name}.${ending}`)

const headOf = (camera: DemoCamera): ClipHead => ({
  camera: camera.name,
  mood: camera.mood,
  seed: SEED,
  ...PICTURE,
  fps: RATE,
  frames: STEPS,
  homography: homographyOf(camera),
})

/** The truth is written last: where it tells of this very camera, the clip is whole. */
async function isDone(out: string, camera: DemoCamera): Promise<boolean> {
  const file = fileOf(out, camera, 'truth.jsonl.gz')
  if (!existsSync(file) || !existsSync(fileOf(out, camera, 'mp4'))) return false
  const { head } = readClipTruth(await readFile(file))
  return JSON.stringify(head) === JSON.stringify(headOf(camera))
}

async function renderAll(out: string, cameras: readonly DemoCamera[]): Promise<void> {
  process.stderr.write(`Running the traffic of seed ${SEED}…\n`)
  const simulation = simulate(SEED)
  const renderer = await Renderer.launch()
  try {
    for (const camera of cameras) await renderClip(renderer, simulation, out, camera)
  } finally {
    await renderer.close()
  }
}

async function renderClip(renderer: Renderer, simulation: Simulation, out: string, camera: DemoCamera): Promise<void> {
  const { light, lens } = camera
  const { parked } = usersAt(simulation, 0)
  await renderer.show({ seed: SEED, camera, light, lens, tints: PLAIN_TINTS, parked })
  const unfinished = fileOf(out, camera, 'mp4.part')
  const clip = new ClipWriter(unfinished, { ...PICTURE, fps: RATE })
  const frames: ClipFrame[] = []
  for (let step = 0; step < STEPS; step++) {
    const { moving } = usersAt(simulation, step)
    const { pixels, sightings } = await renderer.take({ moving, seconds: step / RATE })
    clip.write(pixels)
    frames.push({ frame: step, boxes: trueBoxes(sightings, [...moving, ...parked]) })
    if ((step + 1) % (2 * RATE) === 0) process.stderr.write(`${camera.name}: ${step + 1} of ${STEPS} frames\n`)
  }
  clip.close()
  await rename(unfinished, fileOf(out, camera, 'mp4'))
  await writeFile(fileOf(out, camera, 'truth.jsonl.gz'), writeClipTruth({ head: headOf(camera), frames }))
}

runProgram(main)
