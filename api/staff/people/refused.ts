import type { Answer } from '../../../records/commands';
import { isReceived } from '../../page-command';
import type { DeskRequest } from '../frame/route';
import type { Language } from '../../../rules/notices';
import { wording } from '../../frame/wording';

/**
 * The request whose page asks again under the same key, where a command is stored and its answer still to come:
 * whoever presses once more learns it, and does nothing twice (design, decision 6).
 */
export const askedAgain = (request: DeskRequest, answer: Answer): DeskRequest =>
  isReceived(answer) && request.postedKey !== null
    ? { ...request, guard: { ...request.guard, formKey: request.postedKey } }
    : request;

/** In words why a command was not carried out, where no field says it. */
export function refusedText(reason: string, language: Language): string {
  const words = texts[language];
  switch (reason) {
    case 'not-carried-out-yet':
    case 'command-under-way':
      return words.later;
    case 'overtaken':
      return words.overtaken;
    case 'posted-before':
      return words.postedBefore;
    default:
      return words.notDone;
  }
}

const texts = wording({
  sv: {
    later:
      'Tjänsten har tagit emot det och gör det så snart det går. Du behöver inte göra om det. Trycker du på samma knapp igen ser du hur det gick, och inget görs två gånger.',
    overtaken: 'Någon annan har ändrat det sedan du öppnade sidan. Inget du skrev är sparat än.',
    postedBefore: 'Sidan har redan skickats med annat innehåll. Öppna den igen och gör om det.',
    notDone: 'Det blev inte gjort. Öppna sidan igen och se hur det ser ut nu.',
  },
  en: {
    later:
      'The service has received it and does it as soon as it can. You need not do it again. The same button shows how it went, and does nothing twice.',
    overtaken: 'Somebody else has changed it since you opened the page. Nothing that you wrote is saved yet.',
    postedBefore: 'This page was posted before with other content. Open it again and do it anew.',
    notDone: 'It was not done. Open the page again and see how it stands now.',
  },
});
