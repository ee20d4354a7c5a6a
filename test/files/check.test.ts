import sharp from 'sharp';
import { checkFile, type CheckedFile } from '../../files/check';
import type { Upload } from '../../files/upload';
import { MOST_PICTURE_PIXELS } from '../../rules/files';
import { smallPdf } from '../support/cases';
import { heicOf, zipOf } from '../support/odd-files';

/** What a file is by its content, whatever it says of itself; and what is left of a picture. */
const check = (name: string, declaredType: string, content: Uint8Array) =>
  checkFile({ name, declaredType, content } satisfies Upload, null);

const pixels = (width: number, height: number): sharp.Sharp =>
  sharp({ create: { width, height, channels: 3, background: '#c08060' }, limitInputPixels: false });
const GPS = { IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '57/1 42/1 0/1', GPSLongitudeRef: 'E' } };
const jpeg = (): Promise<Buffer> =>
  pixels(64, 32)
    .withExif({ IFD0: { Make: 'Kameratillverkaren', Artist: 'Tolvan' }, ...GPS })
    .jpeg()
    .toBuffer();

describe('a picture', () => {
  it('is made anew: where and with what it was taken is gone', async () => {
    const sent = await jpeg();
    expect(sent.includes('Kameratillverkaren')).toBe(true);
    expect((await sharp(sent).metadata()).exif).toBeDefined();
    const kept = (await check('utslag.jpg', 'image/jpeg', sent)) as CheckedFile;
    expect(kept).toMatchObject({ name: 'utslag.jpg', type: 'image/jpeg' });
    for (const content of [kept.content, kept.preview!]) {
      const { exif, xmp, iptc, icc, format } = await sharp(content).metadata();
      expect({ exif, xmp, iptc, icc, format }).toEqual({ format: 'jpeg' });
      expect(Buffer.from(content).includes('Kameratillverkaren')).toBe(false);
    }
  });

  it('is upright, as the camera said that it is to be seen', async () => {
    const lying = await pixels(64, 32).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const kept = (await check('a.jpg', 'image/jpeg', lying)) as CheckedFile;
    const { width, height, orientation } = await sharp(kept.content).metadata();
    expect([width, height, orientation]).toEqual([32, 64, undefined]);
  });

  it('loses what hides behind it', async () => {
    const hidden = Buffer.from('<script>alert(1)</script>');
    const kept = (await check('a.jpg', '', Buffer.concat([await jpeg(), hidden]))) as CheckedFile;
    expect(Buffer.from(kept.content).includes(hidden)).toBe(false);
  });

  it.each(['png', 'webp'] as const)('stays a %s, with a small one beside it', async (format) => {
    const sent = await pixels(1_200, 600)[format]().toBuffer();
    const kept = (await check(`bild.${format}`, `image/${format}`, sent)) as CheckedFile;
    expect((await sharp(kept.content).metadata()).format).toBe(format);
    const { width, height, format: small } = await sharp(kept.preview!).metadata();
    expect([width, height, small]).toEqual([480, 240, 'jpeg']);
  });

  it('of 10,000 by 10,000 pixels is refused before it is opened', async () => {
    expect(10_000 * 10_000).toBeGreaterThan(MOST_PICTURE_PIXELS);
    const bomb = await pixels(10_000, 10_000).png({ compressionLevel: 1 }).toBuffer();
    expect(bomb.length).toBeLessThan(5_000_000);
    expect(await check('a.png', 'image/png', bomb)).toEqual({ refused: 'picture-too-large' });
  });

  it('that is cut off, or says more of itself than it has, is refused', async () => {
    const sent = await pixels(400, 400).png().toBuffer();
    expect(await check('a.png', '', sent.subarray(0, sent.length / 2))).toEqual({
      refused: 'picture-unreadable',
    });
    const forged = Buffer.from(sent);
    forged.writeUInt32BE(7_000, 16);
    expect(await check('a.png', '', forged)).toEqual({ refused: 'picture-unreadable' });
  });
});

describe('a file', () => {
  it('may be a PDF, which is kept as it is', async () => {
    const content = Buffer.from(smallPdf);
    expect(await check('Remiss.PDF', 'application/pdf', content)).toEqual({
      name: 'Remiss.pdf',
      type: 'application/pdf',
      content,
      preview: null,
    });
  });

  it.each([
    ['a web page', 'a.html', '<!doctype html><script>alert(1)</script>'],
    ['a web page that calls itself a picture', 'a.jpg', '<html><body></body></html>'],
    ['a drawing with a script', 'a.svg', '<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'],
    ['text', 'a.txt', 'hej'],
    ['a program', 'a.pdf', `MZ${'\0'.repeat(200)}`],
    ['an animation', 'a.gif', 'GIF89a\u0001\u0000\u0001\u0000\u0000\u0000\u0000'],
  ])('is refused that is %s', async (_what, name, content) => {
    expect(await check(name, '', Buffer.from(content, 'latin1'))).toEqual({ refused: 'type-not-allowed' });
  });

  it.each(['heic', 'heix', 'mif1', 'hevc'])(
    'is refused that is an iPhone’s own kind of picture (%s), with a reason of its own',
    async (brand) => {
      for (const name of ['IMG_0001.HEIC', 'IMG_0001.jpg'])
        expect(await check(name, 'image/heic', heicOf(brand))).toEqual({ refused: 'picture-heic' });
    },
  );

  it('is refused that unpacks to a thousand times its size', async () => {
    const bomb = zipOf(50_000_000);
    expect(bomb.length).toBeLessThan(60_000);
    for (const name of ['a.zip', 'a.pdf', 'a.png'])
      expect(await check(name, '', bomb)).toEqual({ refused: 'type-not-allowed' });
  });

  it('is refused that is another than its name says', async () => {
    const picture = await jpeg();
    expect(await check('a.pdf', '', picture)).toEqual({ refused: 'type-forged' });
    expect(await check('a.png', 'image/jpeg', picture)).toEqual({ refused: 'type-forged' });
    expect(await check('a.jpg', 'application/octet-stream', picture)).toMatchObject({ type: 'image/jpeg' });
    expect(await check('image', '', picture)).toMatchObject({ name: 'image.jpg' });
  });

  it('D4 is what its content is, whatever its sender calls it', async () => {
    const picture = await jpeg();
    for (const label of ['image/jpg', 'image/pjpeg', 'application/pdf', 'text/html', 'x', '']) {
      expect([label, await check('a.jpg', label, picture)]).toMatchObject([label, { type: 'image/jpeg' }]);
      const pdf = await check('a.pdf', label, Buffer.from(smallPdf));
      expect([label, pdf]).toMatchObject([label, { type: 'application/pdf' }]);
    }
  });

  it.each([
    ['CamScanner ٢٨\u200f.jpg', 'CamScanner ٢٨.jpg'],
    ['\u202egpj.a\u202c.jpg', 'gpj.a.jpg'],
    ['Bild\u00ad\ufeff 1.jpg', 'Bild 1.jpg'],
    ['रिपोर्ट २.jpg', 'रिपोर्ट २.jpg'],
    ['två\trader\n.jpg', 'två rader .jpg'],
    ['\u3164utslag\u2800.jpg', 'utslag.jpg'],
    ['halv\ud800.jpg', 'halv.jpg'],
  ])('D3 keeps of its name what one sees: %j is kept as %j', async (sent, name) => {
    expect(await check(sent, '', await jpeg())).toMatchObject({ name });
  });

  it('D3 what turns a name around does not hide what it is', async () => {
    expect(await check('a\u202egpj.pdf\u202c', '', await jpeg())).toEqual({ refused: 'type-forged' });
  });

  it('is refused for its name, and when it is empty', async () => {
    const picture = await jpeg();
    expect(await check('../a.jpg', '', picture)).toEqual({ refused: 'name-with-path' });
    expect(await check('a\u0000.jpg', '', picture)).toEqual({ refused: 'name-with-control-characters' });
    expect(await check('', '', picture)).toEqual({ refused: 'name-missing' });
    expect(await check('a.jpg', '', Buffer.alloc(0))).toEqual({ refused: 'empty-file' });
  });
});
