import sharp from 'sharp';

/** A PNG of one colour, as a clinic's logo may be. */
export const pngOf = (width: number, height: number): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 4, background: '#ffffff' } })
    .png()
    .toBuffer();
