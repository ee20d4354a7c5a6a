import type { Language } from '../../../rules/notices';
import { wording } from '../../frame/wording';

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
      'Tjänsten har tagit emot det och gör det så snart det går. Gör inte om det. Ladda om sidan om en stund.',
    overtaken: 'Någon annan har ändrat det sedan du öppnade sidan. Inget du skrev är sparat än.',
    postedBefore: 'Sidan har redan skickats med annat innehåll. Öppna den igen och gör om det.',
    notDone: 'Det blev inte gjort. Öppna sidan igen och se hur det ser ut nu.',
  },
  en: {
    later:
      'The service has received it and does it as soon as it can. Do not do it again. Reload in a while.',
    overtaken: 'Somebody else has changed it since you opened the page. Nothing that you wrote is saved yet.',
    postedBefore: 'This page was posted before with other content. Open it again and do it anew.',
    notDone: 'It was not done. Open the page again and see how it stands now.',
  },
});
