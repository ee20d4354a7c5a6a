import sharp from 'sharp';

/**
 * Makes pictures anew, one at a time, in a process of its own that may die: what a picture does to a decoder is done here and nowhere else.
 * Plain JavaScript, started as it is written from a checkout, a test and an image alike (files/pictures.ts).
 *
 * @typedef {import('sharp').Metadata} Metadata
 * @typedef {import('sharp').Sharp} Sharp
 * @typedef {'image/jpeg' | 'image/png' | 'image/webp'} PictureType
 * @typedef {{ pixels: number, side: number, bytes: number, contentBytes: number }} Limits
 * @typedef {{ id: number, content: Uint8Array, type: PictureType, limits: Limits }} Asked
 * @typedef {{ content: Buffer, preview: Buffer } | 'picture-too-large' | 'picture-unreadable'} Made
 */

const PREVIEW_PIXELS = 480;
const QUALITY = 85;
const PREVIEW_QUALITY = 70;

sharp.cache(false);
sharp.concurrency(1);

/**
 * What it takes to open a picture and to write it anew, in bytes at the same time, beside what the process itself takes. Measured, and
 * rounded up: an ordinary JPEG or PNG goes by line by line; one that is turned, or that comes in passes, is held whole.
 *
 * @param {Metadata} of
 * @param {PictureType} type
 */
function bytesNeeded(of, type) {
  const { width, height, channels, depth, orientation = 1, isProgressive, chromaSubsampling, pages = 1 } = of;
  const pixels = width * height;
  const whole = pixels * channels * (depth === 'ushort' ? 2 : 1);
  const turned = orientation > 1 ? whole : 0;
  switch (type) {
    case 'image/jpeg':
      // The coefficients of all passes, two bytes each; colour at a quarter of the pixels is the usual.
      return turned + (isProgressive ? pixels * 2 * (chromaSubsampling === '4:2:0' ? 1.5 : channels) : 0);
    case 'image/png':
      return turned + (isProgressive ? whole : 0);
    case 'image/webp':
      return turned + pixels * (pages > 1 ? 24 : 14);
  }
}

/** @param {Asked} asked @returns {Promise<Made>} */
async function make({ content, type, limits }) {
  try {
    // The header alone: nothing is opened yet.
    const of = await sharp(content, { limitInputPixels: false }).metadata();
    if (
      of.width * of.height > limits.pixels ||
      Math.max(of.width, of.height) > limits.side ||
      bytesNeeded(of, type) > limits.bytes
    )
      return 'picture-too-large';
    const opened = sharp(content, { limitInputPixels: limits.pixels, failOn: 'error', sequentialRead: true });
    const made = await encoded(opened.rotate(), type).toBuffer();
    if (made.length > limits.contentBytes) return 'picture-too-large';
    return {
      content: made,
      preview: await sharp(made, { limitInputPixels: limits.pixels, sequentialRead: true })
        .resize({ width: PREVIEW_PIXELS, height: PREVIEW_PIXELS, fit: 'inside', withoutEnlargement: true })
        .flatten({ background: '#ffffff' })
        .jpeg({ quality: PREVIEW_QUALITY })
        .toBuffer(),
    };
  } catch {
    return 'picture-unreadable';
  }
}

/**
 * What would hold the whole picture once more for a few per cent of its size is left out. @param {Sharp}
 * picture @param {PictureType} type
 */
function encoded(picture, type) {
  switch (type) {
    case 'image/jpeg':
      return picture.jpeg({ quality: QUALITY, optimiseCoding: false });
    case 'image/png':
      return picture.png();
    case 'image/webp':
      return picture.webp({ quality: QUALITY, effort: 2 });
  }
}

process.on('message', (/** @type {Asked} */ asked) => {
  void make(asked).then((made) => process.send?.({ id: asked.id, made }));
});
// Nobody asks any more.
process.on('disconnect', () => process.exit(0));
