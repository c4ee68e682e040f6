/** Chromium makes no larger canvas: 65 535 px a side, and 2^28 px in all. */
const MAX_SIDE = 65_535;
const MAX_AREA = 2 ** 28;
/** Letters smaller than this share of their size cannot be read. */
const MIN_SCALE = 0.5;
/** Sharp on today's screens. */
const SCALE = 2;

/** A picture in SVG as PNG; `null` where it would be too large to be readable. */
export async function pngOf(svg: string): Promise<Uint8Array | null> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const { width, height } = image;
  const scale = Math.min(SCALE, MAX_SIDE / width, MAX_SIDE / height, Math.sqrt(MAX_AREA / (width * height)));
  if (!(scale >= MIN_SCALE)) return null;
  const canvas = document.createElement('canvas');
  canvas.width = Math.floor(width * scale);
  canvas.height = Math.floor(height * scale);
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  return blob === null ? null : new Uint8Array(await blob.arrayBuffer());
}
