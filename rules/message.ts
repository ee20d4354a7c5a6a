import { isBlank } from './typed';

/** The longest text of one message, in characters (ours). */
export const MOST_MESSAGE_CHARACTERS = 10_000;
/** The most files that one message has (ours). */
export const MOST_FILES_PER_MESSAGE = 10;

/** Why a text cannot be a message. */
export type MessageTextProblem = 'empty' | 'too-long' | 'control-characters';

/** Control characters but tab and line feed. */
const CONTROL = /[^\P{Cc}\t\n]/u;

/** A message as it is kept: line ends of one kind, no blank ends. */
export const messageText = (text: string): string => text.replace(/\r\n?/g, '\n').trim();

/** What is wrong with a text, as {@link messageText} has it; null where it can be sent. */
export function messageTextProblem(text: string): MessageTextProblem | null {
  if (text.length > MOST_MESSAGE_CHARACTERS) return 'too-long';
  if (CONTROL.test(text)) return 'control-characters';
  return isBlank(text) ? 'empty' : null;
}
