import { z } from 'zod'
import { Schedule } from './schedule.ts'

/** PostgreSQL takes neither NUL nor half a surrogate pair, and no name has a use for other control characters. */
export function isPrintable(text: string): boolean {
  return text.isWellFormed() && !/\p{Cc}/u.test(text)
}

/** What a person says about a camera. */
export const CameraInput = z.object({
  name: z
    .string('a camera needs a name')
    .trim()
    .min(1, 'a camera needs a name')
    .max(200, 'a name has at most 200 characters')
    .refine(isPrintable, 'a name has no control characters'),
  source: z.string('a camera needs a source, such as rtsp://host/stream'),
  latitude: z
    .number()
    .min(-90, 'latitude lies between -90 and 90')
    .max(90, 'latitude lies between -90 and 90')
    .nullish(),
  longitude: z
    .number()
    .min(-180, 'longitude lies between -180 and 180')
    .max(180, 'longitude lies between -180 and 180')
    .nullish(),
  /** Degrees clockwise from north. */
  heading: z
    .number()
    .min(0, 'heading is 0 to below 360 degrees')
    .lt(360, 'heading is 0 to below 360 degrees')
    .nullish(),
  enabled: z.boolean().optional(),
  /** Frames a second to take. */
  fps: z.number().positive('fps must be above 0').max(60, 'fps is at most 60').nullish(),
  /** When it is watched; null for always. */
  schedule: Schedule.nullish(),
})
export type CameraInput = z.infer<typeof CameraInput>

export const CameraChanges = CameraInput.partial()
export type CameraChanges = z.infer<typeof CameraChanges>

/** One sentence with everything that is wrong. */
export function problemsOf(error: z.ZodError): string {
  return error.issues
    .map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message))
    .join('; ')
}
