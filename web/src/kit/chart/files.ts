// How does what is on the page become a file?
const SCALE = 2
const MARGIN = 24

/** Hands a file to the person. */
export function saveFile(name: string, content: Blob | string, type = 'text/plain') {
  const blob = typeof content === 'string' ? new Blob([content], { type }) : content
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 1_000)
}

/** A picture (PNG, twice the pixels) of a part of the page as it looks now. */
export async function pictureOf(element: HTMLElement, background: string): Promise<Blob> {
  const { width, height } = element.getBoundingClientRect()
  const copy = await styledCopy(element)
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><foreignObject width="100%" height="100%">${new XMLSerializer().serializeToString(copy)}</foreignObject></svg>`
  const image = await loaded(`data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`)
  const canvas = document.createElement('canvas')
  canvas.width = (width + 2 * MARGIN) * SCALE
  canvas.height = (height + 2 * MARGIN) * SCALE
  const pen = canvas.getContext('2d')
  if (!pen) throw new Error('this browser draws no pictures')
  pen.scale(SCALE, SCALE)
  pen.fillStyle = background
  pen.fillRect(0, 0, width + 2 * MARGIN, height + 2 * MARGIN)
  pen.drawImage(image, MARGIN, MARGIN, width, height)
  return new Promise((done, failed) => {
    canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error('the picture is empty'))))
  })
}

/** The element with every style written into it, and drawings as images. */
async function styledCopy(element: HTMLElement): Promise<HTMLElement> {
  const copy = element.cloneNode(true) as HTMLElement
  const from = [element, ...element.querySelectorAll<HTMLElement>('*')]
  const to = [copy, ...copy.querySelectorAll<HTMLElement>('*')]
  from.forEach((original, at) => {
    const target = to[at]
    if (!target) return
    const style = getComputedStyle(original)
    target.setAttribute(
      'style',
      Array.from(style, (name) => `${name}:${style.getPropertyValue(name)}`).join(';'),
    )
    if (original instanceof HTMLCanvasElement) {
      const image = document.createElement('img')
      image.src = original.toDataURL()
      image.setAttribute('style', target.getAttribute('style') ?? '')
      target.replaceWith(image)
    }
  })
  copy.style.margin = '0'
  return copy
}

function loaded(source: string): Promise<HTMLImageElement> {
  return new Promise((done, failed) => {
    const image = new Image()
    image.onload = () => done(image)
    image.onerror = () => failed(new Error('the picture could not be drawn'))
    image.src = source
  })
}
