import { contrastOf, logoFault, MOST_LOGO_BYTES, readText } from '../../rules/presentation';
import { pngChunk, pngOf } from '../support/logo';

describe('the contrast of two colours', () => {
  it.each([
    ['#ffffff', '#000000', 21],
    ['#000000', '#ffffff', 21],
    ['#777777', '#ffffff', 4.48],
    ['#767676', '#ffffff', 4.54],
    ['#0b4a57', '#ffffff', 9.85],
    ['#abcdef', '#ABCDEF', 1],
  ])('%s on %s is %f', (one, other, contrast) => {
    expect(contrastOf(one, other)).toBeCloseTo(contrast, 1);
  });
});

describe('a logo', () => {
  it('is a PNG that holds a picture alone', async () => {
    expect(logoFault(await pngOf(240, 80))).toBeNull();
  });

  it.each([
    ['SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'.repeat(2))],
    ['nothing', Buffer.alloc(0)],
    ['the beginning of a PNG alone', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])],
    ['zeros', Buffer.alloc(100)],
  ])('is not %s', (_, bytes) => {
    expect(logoFault(bytes)).toBe('not-a-png');
  });

  it('is whole', async () => {
    const png = await pngOf(240, 80);
    expect(logoFault(png.subarray(0, png.length - 1))).toBe('not-a-png');
    expect(logoFault(png.subarray(0, png.length - 12))).toBe('not-a-png');
  });

  it('is undamaged: each chunk has its checksum', async () => {
    const png = await pngOf(240, 80);
    for (const at of [20, 32, png.length - 20, png.length - 1]) {
      const damaged = Buffer.from(png);
      damaged[at] = damaged[at]! ^ 1;
      expect([at, logoFault(damaged)]).toEqual([at, 'not-a-png']);
    }
  });

  it('holds nothing beside: no text, nothing after its end', async () => {
    const png = await pngOf(240, 80);
    expect(logoFault(Buffer.concat([png, Buffer.from('<script>')]))).toBe('has-more-than-a-picture');
    const text = pngChunk('tEXt', Buffer.from('a\0b'));
    const withText = Buffer.concat([png.subarray(0, 33), text, png.subarray(33)]);
    expect(logoFault(withText)).toBe('has-more-than-a-picture');
  });

  it('is small', async () => {
    expect(logoFault(await pngOf(481, 80))).toBe('too-large');
    expect(logoFault(await pngOf(240, 161))).toBe('too-large');
    expect(logoFault(Buffer.alloc(MOST_LOGO_BYTES + 1))).toBe('too-heavy');
  });
});

test('a text is read as paragraphs, headings and lists', () => {
  expect(
    readText('\nOne\nline.\r\n\r\n## Two\nThree.\n\n- a\n- b\n  \n \nFour: - no list, ## no heading.\n'),
  ).toEqual([
    { kind: 'paragraph', text: 'One line.' },
    { kind: 'heading', text: 'Two' },
    { kind: 'paragraph', text: 'Three.' },
    { kind: 'list', items: ['a', 'b'] },
    { kind: 'paragraph', text: 'Four: - no list, ## no heading.' },
  ]);
});
