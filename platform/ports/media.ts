/** A server between cameras and whoever watches them: it takes each camera's stream once, while somebody wants it. */
export interface MediaServer {
  /** Whether it can take streams of this kind. */
  takes(source: string): boolean
  /** Source by camera, of the paths that Sentinel made: whole, with credentials. */
  paths(): Promise<ReadonlyMap<string, string>>
  /** Makes the camera's path, or gives it another source. */
  put(camera: string, source: string): Promise<void>
  /** One that is not there is removed already. */
  remove(camera: string): Promise<void>
  /** What is read in place of the camera: may hold credentials and goes nowhere but to the video port. */
  streamOf(camera: string): string
}
