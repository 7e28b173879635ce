import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from '../../platform/paths.ts'
import { launchBrowser } from '../support/browser.ts'
import { dashboard } from './dashboard.ts'
import { road } from './road.ts'
import type { Picture } from './scene.ts'

const pictures: readonly Picture[] = [road, dashboard]

/** Makes the documentation's pictures anew from the running product. */
export async function makePictures(say: (text: string) => unknown): Promise<void> {
  const folder = join(root, 'docs', 'pictures')
  await mkdir(folder, { recursive: true })
  const browser = await launchBrowser()
  try {
    for (const { name, needs, make } of pictures) {
      if (needs) say(`${name} is left as it is: it ${needs}`)
      else {
        await make(browser, (file) => join(folder, file))
        say(`${name} is made`)
      }
    }
  } finally {
    await browser.close()
  }
}
