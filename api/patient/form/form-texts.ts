import type { AnswerProblem, FormQuestion } from '../../../rules/forms';
import type { Language } from '../../../rules/notices';
import { wording } from '../frame/wording';

/** What is wrong with an answer, and how it is put right, in words. */
export function problemText(
  language: Language,
  question: FormQuestion,
  reason: AnswerProblem['reason'],
): string {
  const words = problems[language];
  switch (reason) {
    case 'answer-missing':
      return question.type === 'choice' || question.type === 'scale' ? words.choose : words.missing;
    case 'too-long':
      return words.tooLong(question.type === 'text' ? question.maxLength : 0);
    case 'out-of-range':
      if (question.type === 'date') return words.date;
      return words.range(rangeText(language, question) ?? '');
    case 'wrong-type':
      return question.type === 'number' ? words.number : words.missing;
    case 'not-a-choice':
    case 'unknown-question':
      return words.choose;
  }
}

/** Which numbers are taken: `från 0 till 10`; null where any is. */
export function rangeText(language: Language, question: FormQuestion): string | null {
  const [from, to] =
    question.type === 'scale'
      ? [question.from, question.to]
      : question.type === 'number'
        ? [question.min, question.max]
        : [null, null];
  const words = ranges[language];
  if (from !== null && to !== null) return words.between(from, to);
  if (from !== null) return words.atLeast(from);
  return to === null ? null : words.atMost(to);
}

const ranges = wording({
  sv: {
    between: (from: number, to: number) => `från ${from} till ${to}`,
    atLeast: (from: number) => `minst ${from}`,
    atMost: (to: number) => `högst ${to}`,
  },
  en: {
    between: (from: number, to: number) => `from ${from} to ${to}`,
    atLeast: (from: number) => `at least ${from}`,
    atMost: (to: number) => `at most ${to}`,
  },
});

const problems = wording({
  sv: {
    missing: 'Svara på frågan.',
    choose: 'Välj ett svar.',
    tooLong: (most: number) => `Skriv kortare, högst ${most} tecken.`,
    number: 'Skriv ett tal med siffror, till exempel 7 eller 7,5.',
    range: (range: string) => `Skriv ett tal ${range}.`,
    date: 'Skriv ett datum som finns, som år-månad-dag. Till exempel 2026-05-17.',
  },
  en: {
    missing: 'Answer the question.',
    choose: 'Choose an answer.',
    tooLong: (most: number) => `Write less, at most ${most} characters.`,
    number: 'Write a number in figures, for example 7 or 7.5.',
    range: (range: string) => `Write a number ${range}.`,
    date: 'Write a date that exists, as year-month-day. For example 2026-05-17.',
  },
});

/** The words of the form's page. */
export const formTexts = wording({
  sv: {
    intro: 'Fyll i formuläret före mötet. Utan det kan mötet inte börja.',
    kept: 'Det du skriver sparas medan du fyller i. Du kan fortsätta senare, också på en annan enhet.',
    keptByButton:
      'Tryck på ”Spara och fortsätt senare” då och då, så finns det du har skrivit kvar. Du kan fortsätta på en annan enhet.',
    optional: 'frivillig',
    atMost: (most: number) => `Högst ${most} tecken.`,
    number: 'Skriv med siffror',
    date: 'År-månad-dag, till exempel 2026-05-17.',
    many: 'Du kan välja flera.',
    none: 'Inget svar',
    send: 'Skicka formuläret',
    save: 'Spara och fortsätt senare',
    back: 'Till mitt möte',
    wrong: 'Formuläret är inte skickat än',
    wrongIntro: 'Det här behöver rättas till. Allt du har skrivit är kvar.',
    wrongTitle: 'Fel: ',
    done: 'Tack, formuläret är ifyllt',
    doneText: 'Mottagningen har fått dina svar. Du kan ändra dem fram till mötet.',
    doneByStaff:
      'Mottagningen har fyllt i formuläret tillsammans med dig. Du kan ändra svaren fram till mötet.',
    answers: 'Svaren',
    noAnswer: 'Inget svar',
    change: 'Ändra svaren',
    savedNow: 'Det du har skrivit är sparat. Du kan fortsätta när du vill.',
    over: 'Formuläret behövs inte längre',
    overText: 'Mötet är slut eller avbokat. Det du skrev skickades inte.',
    later: 'Vi har tagit emot formuläret',
    laterText: 'Det dröjer en liten stund innan det syns att det är ifyllt. Du behöver inte skicka det igen.',
    saving: 'Sparar …',
    saved: 'Allt du har skrivit är sparat.',
    offline:
      'Ingen kontakt just nu. Det du har skrivit är kvar på sidan. Stäng den inte, så sparas det när kontakten är tillbaka.',
    away: 'Tjänsten svarar inte som den ska just nu. Det du har skrivit är kvar på sidan. Stäng den inte, sidan försöker igen av sig själv.',
    tooMuch:
      'Det är för mycket text för att sparas på en gång. Korta ditt längsta svar. Det du har skrivit är kvar på sidan.',
    refused:
      'Det senaste du skrev kunde inte sparas. Det är kvar på sidan. Kopiera det som är viktigt, ladda om sidan och försök igen.',
    loggedOut:
      'Du är inte längre inloggad. Det du har skrivit är kvar på sidan. Logga in i ett nytt fönster och kom sedan tillbaka hit.',
    logIn: 'Logga in i ett nytt fönster',
  },
  en: {
    intro: 'Fill in the form before the meeting. Without it the meeting cannot begin.',
    kept: 'What you write is saved as you go. You can go on later, on another device too.',
    keptByButton:
      'Press “Save and go on later” now and then, and what you have written is kept. You can go on on another device.',
    optional: 'optional',
    atMost: (most: number) => `At most ${most} characters.`,
    number: 'Write in figures',
    date: 'Year-month-day, for example 2026-05-17.',
    many: 'You can choose several.',
    none: 'No answer',
    send: 'Send the form',
    save: 'Save and go on later',
    back: 'To my meeting',
    wrong: 'The form has not been sent yet',
    wrongIntro: 'This needs to be put right. All that you have written is still here.',
    wrongTitle: 'Error: ',
    done: 'Thank you, the form is filled in',
    doneText: 'The clinic has your answers. You can change them until the meeting.',
    doneByStaff:
      'The clinic has filled in the form together with you. You can change the answers until the meeting.',
    answers: 'The answers',
    noAnswer: 'No answer',
    change: 'Change the answers',
    savedNow: 'What you have written is saved. You can go on whenever you like.',
    over: 'The form is no longer needed',
    overText: 'The meeting is over or cancelled. What you wrote was not sent.',
    later: 'We have received the form',
    laterText: 'It takes a little while before it shows as filled in. You do not need to send it again.',
    saving: 'Saving …',
    saved: 'All that you have written is saved.',
    offline:
      'No connection at the moment. What you have written is still on this page. Do not close it, and it is saved when the connection is back.',
    away: 'The service does not answer as it should just now. What you have written is still on this page. Do not close it, the page tries again by itself.',
    tooMuch:
      'There is too much text to save at once. Shorten your longest answer. What you have written is still on this page.',
    refused:
      'What you wrote last could not be saved. It is still on this page. Copy what is important, load the page again and try again.',
    loggedOut:
      'You are no longer logged in. What you have written is still on this page. Log in in a new window and then come back here.',
    logIn: 'Log in in a new window',
  },
});
