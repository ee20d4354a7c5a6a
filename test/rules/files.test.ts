import fc from 'fast-check';
import { cleanFileName, fileNameProblem, visibleName, fileTypes } from '../../rules/files';

it.each(['utslag.jpg', 'Remiss åäö (2).pdf', 'x', 'bild'])('takes "%s"', (name) => {
  expect(fileNameProblem(name)).toBeNull();
});

it.each([
  ['../../etc/passwd', 'name-with-path'],
  ['C:\\bilder\\a.jpg', 'name-with-path'],
  ['a/b.jpg', 'name-with-path'],
  ['a\u0000.jpg', 'name-with-control-characters'],
  ['', 'name-missing'],
  ['  ', 'name-missing'],
  ['..', 'name-missing'],
  ['x'.repeat(121), 'name-too-long'],
])('refuses %j: %s', (name, problem) => {
  expect(fileNameProblem(name)).toBe(problem);
});

it.each([
  ['a\nb.jpg', 'a b.jpg'],
  // What is read from right to left would hide how a name ends.
  ['a\u202egpj.exe', 'agpj.exe'],
])('D3 takes %j, and shows it as %j', (name, shown) => {
  expect([fileNameProblem(name), visibleName(name)]).toEqual([null, shown]);
});

it.each([
  ['utslag.JPG', 'image/jpeg', 'utslag.jpg'],
  ['page.html', 'application/pdf', 'page.pdf'],
  ['.htaccess', 'image/png', 'htaccess.png'],
  ['a"; filename=b.pdf', 'application/pdf', 'a__ filename=b.pdf'],
  ['.pdf', 'application/pdf', 'pdf.pdf'],
] as const)('%j, a %s, is kept as %j', (name, type, kept) => {
  expect(cleanFileName(name, type)).toBe(kept);
});

it('a kept name can be kept again, and ends as its content is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.constantFrom(...fileTypes), (name, type) => {
      fc.pre(fileNameProblem(name) === null);
      const kept = cleanFileName(name, type);
      expect(cleanFileName(kept, type)).toBe(kept);
      expect(kept).toMatch(/\.(jpg|png|webp|pdf)$/);
      expect(kept).not.toMatch(/["*:<>?|%;/\\]/);
    }),
  );
});
