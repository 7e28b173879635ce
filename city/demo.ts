import { CAMERAS, type CityCamera } from './cameras.ts'
import { CLEAN_LENS, type Lens, LIGHTS, type Light, type Mood } from './moods.ts'

/** The demo's traffic. */
export const SEED = 3

/** A camera of the demo, its name for people and its weather. */
export interface DemoCamera extends CityCamera {
  readonly title: string
  readonly mood: Mood
  readonly light: Light
  readonly lens: Lens
}

/** Weather other than a day's. */
const MOODS: Partial<Record<string, Mood>> = {
  'north-street-gantry': 'dusk',
  'east-crossing': 'dusk',
  'south-west-junction': 'night',
  'west-street-gantry': 'rain',
}

/** Video needs its bits for the traffic, not for grain. */
const LENS: Lens = { ...CLEAN_LENS, noise: 0.003 }

export const DEMO: readonly DemoCamera[] = CAMERAS.map((camera) => {
  const mood = MOODS[camera.name] ?? 'day'
  return { ...camera, title: titleOf(camera.name), mood, light: LIGHTS[mood], lens: LENS }
})

/** `north-west-junction` → `North west junction`. */
function titleOf(name: string): string {
  return `${name[0]!.toUpperCase()}${name.slice(1).replaceAll('-', ' ')}`
}
