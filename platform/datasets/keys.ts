/** Where a picture lies in bucket `sentinel-datasets`. */
export const imageKey = (digest: string): string => `images/${digest}.jpg`
