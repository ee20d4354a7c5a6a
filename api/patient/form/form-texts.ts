import type { AnswerProblem, FormAnswers, FormQuestion } from '../../../rules/forms';
import type { Language } from '../../../rules/notices';
import { wording } from '../../frame/wording';

/** An answer as one reads it; its words for none, where there is none. */
export function answerText(language: Language, question: FormQuestion, answers: FormAnswers): string {
  const answer = Object.hasOwn(answers, question.questionId) ? answers[question.questionId] : undefined;
  if (answer === undefined) return formTexts[language].noAnswer;
  if (Array.isArray(answer)) return answer.join(', ') || formTexts[language].noAnswer;
  if (typeof answer === 'number') return decimal(language, answer);
  if (question.type === 'date') return dateText(language, answer);
  return answer;
}

const decimal = (language: Language, number: number): string =>
  language === 'sv' ? String(number).replace('.', ',') : String(number);

/** `17 maj 2026`. */
function dateText(language: Language, date: string): string {
  const day = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(day.getTime())) return date;
  const locale = language === 'sv' ? 'sv-SE' : 'en-GB';
  return day.toLocaleDateString(locale, { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
}

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
    date: 'Skriv ett datum som finns, med år, månad och dag. Till exempel 2026 05 17.',
  },
  en: {
    missing: 'Answer the question.',
    choose: 'Choose an answer.',
    tooLong: (most: number) => `Write less, at most ${most} characters.`,
    number: 'Write a number in figures, for example 7 or 7.5.',
    range: (range: string) => `Write a number ${range}.`,
    date: 'Write a date that exists, with day, month and year. For example 17 05 2026.',
  },
});

/** The words of the form's pages. */
export const formTexts = wording({
  sv: {
    kind: 'Formulär inför mötet',
    intro: 'Fyll i formuläret före mötet. Utan det kan mötet inte börja.',
    changeIntro:
      'Ändra det du vill, kontrollera svaren och skicka dem igen. Till dess gäller det du skickade.',
    steps: { label: 'Så långt har du kommit', all: ['Fyll i', 'Kontrollera', 'Skickat'] },
    answered: (of: number) => `av ${of} frågor besvarade`,
    which: (number: number, of: number) => `Fråga ${number} av ${of}`,
    kept: 'Det du skriver sparas medan du fyller i. Du kan fortsätta senare, också på en annan enhet.',
    keptByButton:
      'Tryck på ”Spara och fortsätt senare” då och då, så finns det du har skrivit kvar. Du kan fortsätta på en annan enhet.',
    atMost: (most: number) => `Högst ${most} tecken.`,
    number: 'Skriv med siffror',
    date: 'Till exempel 2026 05 17.',
    many: 'Du kan välja flera.',
    none: 'Inget svar',
    check: 'Kontrollera svaren',
    save: 'Spara och fortsätt senare',
    back: 'Till mitt möte',
    keepSent: 'Ändra inget, behåll det jag skickade',
    wrong: 'Några svar behöver rättas. Allt du har skrivit är kvar.',
    wrongTitle: 'Fel: ',
    checkTitle: 'Kontrollera dina svar',
    checkIntro: 'Inget är skickat än. Stämmer allt trycker du på Skicka formuläret.',
    send: 'Skicka formuläret',
    change: 'Ändra svaren',
    changeOne: 'Ändra',
    changedTitle: 'Svaren har ändrats',
    changed:
      'De ändrades i en annan flik eller på en annan enhet. Kontrollera dem en gång till. Inget är skickat.',
    done: 'Formuläret är skickat',
    doneText: 'Mottagningen har fått dina svar. Du kan ändra dem fram till mötet.',
    doneByStaff:
      'Mottagningen har fyllt i formuläret tillsammans med dig. Du kan ändra svaren fram till mötet.',
    nextForm: 'Fyll i nästa formulär',
    nextConsent: 'Nästa: svara på frågan om tidigare vård',
    answers: 'Det här svarade du',
    sentAt: (when: string) => `Skickat ${when}.`,
    noAnswer: 'Inget svar',
    unsentTitle: 'Du har ändringar som inte är skickade',
    unsent: 'Mottagningen ser svaren som står här nedanför.',
    goOnChanging: 'Fortsätt ändra',
    savedTitle: 'Sparat',
    savedNow: 'Det du har skrivit är sparat, men inte skickat. Du kan fortsätta när du vill.',
    sentElsewhereTitle: 'Formuläret är redan skickat',
    sentElsewhere:
      'Det skickades från en annan flik eller enhet efter att du öppnade den här sidan. Det du skrev här är sparat men inte skickat. Vill du ändra det du skickade fortsätter du här nedanför.',
    sentElsewhereHere:
      'Formuläret är redan skickat från en annan flik eller enhet. Det du skriver här sparas inte.',
    seeSent: 'Se det som är skickat',
    over: 'Formuläret behövs inte längre',
    overText: 'Mötet är slut eller avbokat. Det du skrev skickades inte.',
    later: 'Vi har tagit emot formuläret',
    laterText: 'Det dröjer en liten stund innan det syns att det är ifyllt. Du behöver inte skicka det igen.',
    saving: 'Sparar …',
    savedAt: 'Sparat kl.',
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
    kind: 'Form before the meeting',
    intro: 'Fill in the form before the meeting. Without it the meeting cannot begin.',
    changeIntro:
      'Change what you like, check the answers and send them again. Until then what you sent counts.',
    steps: { label: 'How far you have come', all: ['Fill in', 'Check', 'Sent'] },
    answered: (of: number) => `of ${of} questions answered`,
    which: (number: number, of: number) => `Question ${number} of ${of}`,
    kept: 'What you write is saved as you go. You can go on later, on another device too.',
    keptByButton:
      'Press “Save and go on later” now and then, and what you have written is kept. You can go on on another device.',
    atMost: (most: number) => `At most ${most} characters.`,
    number: 'Write in figures',
    date: 'For example 17 05 2026.',
    many: 'You can choose several.',
    none: 'No answer',
    check: 'Check the answers',
    save: 'Save and go on later',
    back: 'To my meeting',
    keepSent: 'Change nothing, keep what I sent',
    wrong: 'Some answers need to be put right. All that you have written is still here.',
    wrongTitle: 'Error: ',
    checkTitle: 'Check your answers',
    checkIntro: 'Nothing has been sent yet. If all is right, press Send the form.',
    send: 'Send the form',
    change: 'Change the answers',
    changeOne: 'Change',
    changedTitle: 'The answers have changed',
    changed:
      'They were changed in another tab or on another device. Check them once more. Nothing has been sent.',
    done: 'The form has been sent',
    doneText: 'The clinic has your answers. You can change them until the meeting.',
    doneByStaff:
      'The clinic has filled in the form together with you. You can change the answers until the meeting.',
    nextForm: 'Fill in the next form',
    nextConsent: 'Next: answer the question about earlier care',
    answers: 'This is what you answered',
    sentAt: (when: string) => `Sent ${when}.`,
    noAnswer: 'No answer',
    unsentTitle: 'You have changes that have not been sent',
    unsent: 'The clinic sees the answers below.',
    goOnChanging: 'Go on changing',
    savedTitle: 'Saved',
    savedNow: 'What you have written is saved, but not sent. You can go on whenever you like.',
    sentElsewhereTitle: 'The form has already been sent',
    sentElsewhere:
      'It was sent from another tab or device after you opened this page. What you wrote here is saved but not sent. If you want to change what you sent, go on below.',
    sentElsewhereHere:
      'The form has already been sent from another tab or device. What you write here is not saved.',
    seeSent: 'See what has been sent',
    over: 'The form is no longer needed',
    overText: 'The meeting is over or cancelled. What you wrote was not sent.',
    later: 'We have received the form',
    laterText: 'It takes a little while before it shows as filled in. You do not need to send it again.',
    saving: 'Saving …',
    savedAt: 'Saved at',
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
