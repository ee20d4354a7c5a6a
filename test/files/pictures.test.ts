import path from 'node:path';
import { readFileSync } from 'node:fs';
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { createPictures } from '../../files/pictures';

/** B2: pictures are opened in a process of its own, with its own limits, that may die. */
const pictures = createPictures();
afterAll(() => pictures.close());

const flat = (width: number, height: number, channels: 3 | 4 = 3): sharp.Sharp =>
  sharp({ create: { width, height, channels, background: '#c08060' }, limitInputPixels: false });

/** A PNG that says to be so large, with as much of its first lines as fits. */
function pngOf(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const named = Buffer.concat([Buffer.from(type), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(named));
    return Buffer.concat([length, named, sum]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0, 0, 0, 0], 8);
  const lines = deflateSync(Buffer.alloc((width + 1) * height));
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', lines),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** The most memory that a process has had, in MB. */
const mostMegabytes = (pid: number): number =>
  Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
const onLinux = process.platform === 'linux' ? it : it.skip;

it.each([
  [51_000_000, 1],
  [1, 51_000_000],
])('B2 a PNG of %i by %i is refused before it is opened', async (width, height) => {
  const content = pngOf(width, height);
  expect(content.length).toBeLessThan(200_000);
  expect(await pictures.remake(content, 'image/png')).toBe('picture-too-large');
});

it('B2 a lossless WebP of 7,200 by 7,200 in a few bytes is refused', async () => {
  const content = await flat(7_200, 7_200).webp({ lossless: true, effort: 0 }).toBuffer();
  expect(content.length).toBeLessThan(5_000);
  expect(await pictures.remake(content, 'image/webp')).toBe('picture-too-large');
});

onLinux('B2 a turned picture of 48 megapixels is made upright in less than 400 MB', async () => {
  const own = createPictures();
  const content = await flat(8_064, 6_048).withMetadata({ orientation: 6 }).jpeg().toBuffer();
  const made = await own.remake(content, 'image/jpeg');
  if (typeof made === 'string') throw new Error(made);
  const { width, height } = await sharp(made.content).metadata();
  expect([width, height]).toEqual([6_048, 8_064]);
  expect(mostMegabytes(own.pid()!)).toBeLessThan(400);
  own.close();
});

it('B2 one that needs more memory than there is is refused, whatever its pixels', async () => {
  const turned = flat(7_100, 7_100, 4).toColourspace('rgb16').withMetadata({ orientation: 6 });
  const content = await turned.png({ compressionLevel: 6 }).toBuffer();
  expect(await pictures.remake(content, 'image/png')).toBe('picture-too-large');
});

/** A process that does with a picture what its first byte says. */
const oddProcess = path.join(__dirname, 'odd-picture-process.mjs');
const odd = (what: string): Buffer => Buffer.from(what);

it('B2 a process that dies, or hangs, is nobody else’s trouble, and another takes its place', async () => {
  const own = createPictures({ script: oddProcess, timeoutMs: 1_500 });
  const all = await Promise.all(
    ['made', 'die', 'hang', 'eat', 'made'].map((what) => own.remake(odd(what), 'image/png')),
  );
  expect(all).toMatchObject([
    { preview: Buffer.from('small') },
    'picture-unreadable',
    'picture-unreadable',
    'picture-unreadable',
    { preview: Buffer.from('small') },
  ]);
  own.close();
});

it('B2 one that dies of something else is tried once more, by another', async () => {
  const own = createPictures({ script: oddProcess, timeoutMs: 20_000 });
  await own.remake(odd('made'), 'image/png');
  const waiting = own.remake(odd('once'), 'image/png');
  const pid = own.pid()!;
  await new Promise((resolve) => setImmediate(resolve));
  process.kill(pid, 'SIGKILL');
  expect(await waiting).toMatchObject({ preview: Buffer.from('small') });
  expect(own.pid()).not.toBe(pid);
  own.close();
});

it('B2 has none of our secrets, and goes when it has had nothing to do', async () => {
  const own = createPictures({ script: oddProcess, idleMs: 50 });
  const made = await own.remake(odd('env'), 'image/png');
  if (typeof made === 'string') throw new Error(made);
  const names = Object.keys(JSON.parse(made.content.toString()) as object);
  expect(
    names.filter(
      (name) => !/^(MALLOC_ARENA_MAX|UV_THREADPOOL_SIZE|NODE_CHANNEL_\w+|PWD|OLDPWD|SHLVL|_)$/.test(name),
    ),
  ).toEqual([]);
  for (let left = 100; own.pid() !== null && left > 0; left -= 1)
    await new Promise((resolve) => setTimeout(resolve, 20));
  expect(own.pid()).toBeNull();
});
