/** Closes in the reverse order of opening; one failure does not keep the rest open. */
export class Closing {
  readonly #works: { readonly name: string; readonly close: () => unknown }[] = []

  add(name: string, close: () => unknown): void {
    this.#works.push({ name, close })
  }

  async close(onError: (name: string, error: Error) => void): Promise<void> {
    for (let work = this.#works.pop(); work; work = this.#works.pop()) {
      const { name, close } = work
      try {
        await close()
      } catch (error) {
        onError(name, error as Error)
      }
    }
  }
}
