import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PICTURE } from './cameras.ts'
import { type DatasetOptions, parseDatasetOptions } from './dataset-options.ts'
import { layoutOf } from './layout.ts'
import { anotherLens, anotherLight, anotherTints, CLEAN_LENS, LIGHTS, type Mood, PLAIN_TINTS } from './moods.ts'
import { JpegWriter } from './output/jpeg.ts'
import { Labels } from './output/labels.ts'
import { lock } from './output/lock.ts'
import { runProgram } from './program.ts'
import type { View } from './protocol.ts'
import { Renderer } from './renderer.ts'
import { between, randomFrom } from './simulation/random.ts'
import { RATE, type Simulation, STEPS, simulate } from './simulation/simulation.ts'
import { trueBoxes } from './truth.ts'
import { usersAt } from './users.ts'
import { anotherCamera } from './views.ts'

/** Views of one seed that are drawn one after another: a city is built anew for every seed. */
const ROUND = 4

/** One camera on one day: which moments of the traffic it takes, and how everybody is painted. */
interface Session {
  readonly name: string
  readonly seed: number
  readonly mood: Mood
  readonly view: Omit<View, 'parked'>
  readonly steps: readonly number[]
  readonly paint: number
}

/** The same seed, number and moods give the same session, whatever is fixed, so that a stopped run goes on where it was. */
function sessionOf({ moods, frames, fixed }: DatasetOptions, seed: number, number: number): Session {
  const random = randomFrom(seed * 100_003 + number)
  const mood = moods[(number + seed) % moods.length]!
  const camera = anotherCamera(`v${String(number).padStart(3, '0')}`, layoutOf(seed), random)
  const look = { light: anotherLight(mood, random), lens: anotherLens(random), tints: anotherTints(random) }
  const plain = { light: LIGHTS[mood], lens: CLEAN_LENS, tints: PLAIN_TINTS }
  const start = between(random, 0, STEPS)
  const steps = Array.from({ length: frames }, (_, n) => Math.floor(start + ((n + random()) * STEPS) / frames) % STEPS)
  return {
    name: `s${seed}-${camera.name}-${mood}`,
    seed,
    mood,
    view: { seed, camera, ...look, ...Object.fromEntries(fixed.map((part) => [part, plain[part]])) },
    steps,
    paint: random(),
  }
}

function* sessionsOf(options: DatasetOptions): Generator<Session> {
  for (let first = 0; first < options.views; first += ROUND)
    for (const seed of options.seeds)
      for (let number = first; number < Math.min(first + ROUND, options.views); number++)
        yield sessionOf(options, seed, number)
}

class Dataset {
  readonly #options: DatasetOptions
  readonly #labels: Labels
  readonly #jpeg = new JpegWriter(PICTURE.width, PICTURE.height)
  readonly #simulations = new Map<number, Simulation>()

  constructor(options: DatasetOptions, labels: Labels) {
    this.#options = options
    this.#labels = labels
  }

  async render(renderer: Renderer): Promise<void> {
    const { seeds, views, frames } = this.#options
    const total = seeds.length * views * frames
    const before = this.#labels.size
    const started = Date.now()
    let done = 0
    for (const session of sessionsOf(this.#options)) {
      await this.#renderSession(renderer, session)
      done += frames
      const rate = ((this.#labels.size - before) / (Date.now() - started)) * 60_000
      process.stderr.write(`${session.name}: ${done} of ${total} pictures, ${rate.toFixed(0)} a minute\n`)
    }
  }

  async #renderSession(renderer: Renderer, session: Session): Promise<void> {
    const missing = session.steps.map((step, n) => ({ step, image: imageOf(session, n) }))
    const todo = missing.filter(({ image }) => !this.#labels.has(image))
    if (todo.length === 0) return
    const simulation = this.#simulationOf(session.seed)
    const { parked } = usersAt(simulation, 0, session.paint)
    await renderer.show({ ...session.view, parked })
    for (const { step, image } of todo) await this.#renderPicture(renderer, session, step, image)
  }

  async #renderPicture(renderer: Renderer, session: Session, step: number, image: string): Promise<void> {
    const { moving, parked } = usersAt(this.#simulationOf(session.seed), step, session.paint)
    const { pixels, sightings } = await renderer.take({ moving, seconds: step / RATE })
    const { lens, camera } = session.view
    const file = join(this.#options.out, 'images', image)
    await writeFile(file, this.#jpeg.write(pixels, lens.quantiser))
    const boxes = trueBoxes(sightings, [...moving, ...parked])
    const { mood, seed } = session
    await this.#labels.add({ image, ...PICTURE, mood, seed, camera: camera.name, boxes })
  }

  #simulationOf(seed: number): Simulation {
    const known = this.#simulations.get(seed) ?? simulate(seed, this.#options.traffic)
    this.#simulations.set(seed, known)
    return known
  }
}

const imageOf = ({ name }: Session, n: number): string => `${name}-${String(n).padStart(2, '0')}.jpg`

async function main(): Promise<void> {
  const options = parseDatasetOptions(process.argv.slice(2))
  await mkdir(join(options.out, 'images'), { recursive: true })
  const unlock = await lock(join(options.out, 'lock'))
  try {
    await renderInto(options)
  } finally {
    await unlock()
  }
}

async function renderInto(options: DatasetOptions): Promise<void> {
  const labels = await Labels.open(join(options.out, 'labels.jsonl'))
  const renderer = await Renderer.launch()
  try {
    await new Dataset(options, labels).render(renderer)
  } finally {
    await renderer.close()
    await labels.close()
  }
}

runProgram(main)
