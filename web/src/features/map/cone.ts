/** Pixels of the picture, whose middle is the camera. */
const SIZE = 168
const HALF_ANGLE = (28 * Math.PI) / 180

/** What a camera overlooks, pointing north: strong at the camera, gone at its end. */
export function coneImage(colour: string): ImageData {
  const context = new OffscreenCanvas(SIZE, SIZE).getContext('2d')!
  const middle = SIZE / 2
  const fade = context.createRadialGradient(middle, middle, 4, middle, middle, middle)
  fade.addColorStop(0, colour)
  fade.addColorStop(1, 'transparent')
  context.globalAlpha = 0.55
  context.fillStyle = fade
  context.beginPath()
  context.moveTo(middle, middle)
  context.arc(middle, middle, middle, -Math.PI / 2 - HALF_ANGLE, -Math.PI / 2 + HALF_ANGLE)
  context.fill()
  return context.getImageData(0, 0, SIZE, SIZE)
}
