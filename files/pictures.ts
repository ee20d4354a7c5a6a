import sharp from 'sharp';
import { MOST_PICTURE_PIXELS, type FileType } from '../rules/files';

/** A picture made anew from what was sent, and a small one of it. */
export interface RemadePicture {
  content: Buffer;
  preview: Buffer;
}

const PREVIEW_PIXELS = 480;
const QUALITY = 85;
const PREVIEW_QUALITY = 70;
/** A picture that takes longer is none that a camera made. */
const SECONDS = 20;

/**
 * Makes a picture anew: only what one sees is left, upright and in sRGB, and nothing of where and with what it was taken. What hides behind
 * a picture is not copied.
 *
 * @returns why not: it has more pixels than a phone's camera makes, or is none
 */
export async function remakePicture(
  content: Uint8Array,
  type: Exclude<FileType, 'application/pdf'>,
): Promise<RemadePicture | 'picture-too-large' | 'picture-unreadable'> {
  try {
    // The header alone: nothing is opened yet.
    const { width, height } = await sharp(content, { limitInputPixels: false }).metadata();
    if (width * height > MOST_PICTURE_PIXELS) return 'picture-too-large';
    const opened = () =>
      sharp(content, { limitInputPixels: MOST_PICTURE_PIXELS, failOn: 'error' })
        .timeout({ seconds: SECONDS })
        .rotate();
    return {
      content: await encoded(opened(), type).toBuffer(),
      preview: await opened()
        .resize({ width: PREVIEW_PIXELS, height: PREVIEW_PIXELS, fit: 'inside', withoutEnlargement: true })
        .flatten({ background: '#ffffff' })
        .jpeg({ quality: PREVIEW_QUALITY })
        .toBuffer(),
    };
  } catch {
    return 'picture-unreadable';
  }
}

function encoded(picture: sharp.Sharp, type: Exclude<FileType, 'application/pdf'>): sharp.Sharp {
  switch (type) {
    case 'image/jpeg':
      return picture.jpeg({ quality: QUALITY });
    case 'image/png':
      return picture.png();
    case 'image/webp':
      return picture.webp({ quality: QUALITY });
  }
}
