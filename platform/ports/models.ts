import type { Model } from './model.ts'

/** Stored models, to look at pictures with apart from the live ones. */
export interface Models {
  /**
   * Lets `work` use a model; it stays open until nobody has used it for a while.
   *
   * @throws SentinelError `NOT_FOUND`, and `MODEL_INVALID` where its file is not the one that its digest names.
   */
  with<T>(digest: string, work: (model: Model) => Promise<T>): Promise<T>
  close(): Promise<void>
}
