import { messageText, messageTextProblem, MOST_MESSAGE_CHARACTERS } from '../../rules/message';

const problemOf = (text: string) => messageTextProblem(messageText(text));

it.each(['Hej!', 'a\nb', 'a\r\nb', 'a\tb', 'åäö 👍🏽', 'x'.repeat(MOST_MESSAGE_CHARACTERS)])(
  'takes what a person writes (%#)',
  (text) => {
    expect(problemOf(text)).toBeNull();
  },
);

it.each(['', ' ', '\n\t ', '\u200b\u200d', '\u00a0\u2003', '\ufeff'])(
  'refuses what nobody sees (%#)',
  (text) => {
    expect(problemOf(text)).toBe('empty');
  },
);

it.each(['a\u0000b', 'a\u001b[31mb', 'a\u0085b', 'a\u007fb'])('refuses control characters (%#)', (text) => {
  expect(problemOf(text)).toBe('control-characters');
});

it.each([MOST_MESSAGE_CHARACTERS + 1, 100_000])('refuses %d characters', (length) => {
  expect(problemOf('x'.repeat(length))).toBe('too-long');
});

it('keeps one kind of line end and no blank ends', () => {
  expect(messageText(' a\r\nb\rc\n ')).toBe('a\nb\nc');
});
