import type { Item } from '../api/triage.ts'

export type Picture = ImageBitmap | 'loading' | 'missing'

/** Pictures that are kept decoded, so that an item is painted the moment it is its turn. */
export class Pictures {
  readonly #pictures = new Map<string, Picture>()
  readonly #onChange: () => void

  constructor(onChange: () => void) {
    this.#onChange = onChange
  }

  /** Loads these, the first ones first, and forgets all others. */
  keep(items: readonly Item[]): void {
    const wanted = new Set(items.map(({ id }) => id))
    for (const [id, picture] of this.#pictures) {
      if (wanted.has(id)) continue
      if (picture instanceof ImageBitmap) picture.close()
      this.#pictures.delete(id)
    }
    for (const item of items) if (!this.#pictures.has(item.id)) void this.#load(item)
  }

  of(id: string): Picture {
    return this.#pictures.get(id) ?? 'loading'
  }

  async #load({ id, imageUrl }: Item): Promise<void> {
    this.#pictures.set(id, 'loading')
    const picture = await read(imageUrl)
    if (this.#pictures.get(id) === 'loading') this.#pictures.set(id, picture)
    else if (picture instanceof ImageBitmap) picture.close()
    this.#onChange()
  }
}

/** A picture that the store no longer has is missing for good; a server that is away is asked again. */
async function read(url: string): Promise<ImageBitmap | 'missing'> {
  for (let wait = 500; ; wait = Math.min(8000, wait * 2)) {
    try {
      const answer = await fetch(url)
      if (answer.ok) return await createImageBitmap(await answer.blob())
      if (answer.status < 500) return 'missing'
    } catch (error) {
      if (error instanceof DOMException) return 'missing'
    }
    await new Promise((resolve) => setTimeout(resolve, wait))
  }
}
