/** The source of a camera, whole: its URL may hold credentials and goes nowhere but to the video port. */
export interface CameraSource {
  readonly url: string
  readonly loop: boolean
}

/** What the grabber asks the camera registry, which alone knows credentials. */
export interface CameraSources {
  /** Undefined when the camera was removed. */
  sourceOf(cameraId: string): Promise<CameraSource | undefined>
}
