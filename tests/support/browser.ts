import chromium from '@sparticuz/chromium'
import { type Browser, chromium as playwright } from 'playwright-core'

const SOFTWARE_WEBGL = ['--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist']

/** Chromium from npm; software WebGL only for who asks for it, because it slows the grid to 1.5 frames a second. */
export async function launchBrowser({ webgl = false } = {}): Promise<Browser> {
  const args = ['--no-sandbox', ...(webgl ? SOFTWARE_WEBGL : ['--disable-gpu', '--disable-3d-apis'])]
  return playwright.launch({ executablePath: await chromium.executablePath(), args })
}
