import type { StaffMember } from '../../../records/staff';
import { takeOverReasons, type TakeOverReason } from '../../../rules/meeting';
import type { Language } from '../../../rules/notices';
import { Choices } from '../../frame/fields';
import { wording } from '../../frame/wording';

/** What both pages of taking over show: people, reasons, and why it was refused. */

/** `Siv Sköterska, sjuksköterska`. */
export const nameAndTitle = ({ name, title }: StaffMember): string => `${name}, ${title}`;

/** As whom a reference is known; the reference itself where no record has it. */
export const knownAs = (staff: StaffMember[], staffId: string): string => {
  const member = staff.find(({ staffIds }) => staffIds.includes(staffId));
  return member ? nameAndTitle(member) : staffId;
};

/** Those who can be given a meeting: they perform, and are still here. */
export const performers = (staff: StaffMember[]): StaffMember[] =>
  staff.filter(({ isActive, roles }) => isActive && roles.includes('clinician'));

/** Asks why; the answer stands in the log. */
export function ReasonChoices({
  language,
  chosen,
  problem,
}: {
  language: Language;
  chosen: string | undefined;
  problem: string | null;
}) {
  const words = takeOverWords[language];
  return (
    <Choices
      id="reason"
      name="reason"
      label={words.reason}
      hint={words.reasonHint}
      problem={problem}
      choices={takeOverReasons.map((value) => ({ value, text: words.reasons[value] }))}
      chosen={chosen === undefined ? [] : [chosen]}
      language={language}
    />
  );
}

/** Why it was not done, in words; general ones for what the page does not know. */
export const refusalWords = (language: Language, refused: string): string => {
  const { refusals, notDone } = takeOverWords[language];
  const known: Record<string, string> = refusals;
  return (Object.hasOwn(known, refused) ? known[refused] : undefined) ?? notDone;
};

export const takeOverWords = wording({
  sv: {
    reason: 'Varför?',
    reasonHint: 'Skälet sparas i loggen, som patienten kan ta del av.',
    reasonProblem: 'Välj ett skäl.',
    reasons: {
      absent: 'Är inte på plats',
      delayed: 'Är försenad',
      'other-competence': 'Annan kompetens behövs',
      'wrong-booking': 'Mötet är bokat på fel person',
      other: 'Annat skäl',
    } satisfies Record<TakeOverReason, string>,
    to: 'Vem får mötet?',
    toProblem: 'Välj vem som får mötet.',
    choose: 'Välj',
    somethingMissing: 'Något saknas',
    notDone: 'Det blev inte gjort. Läs sidan igen.',
    refusals: {
      cancelled: 'Mötet är avbokat. Inget har ändrats.',
      ended: 'Mötet är slut. Inget har ändrats.',
      'taken-over-meanwhile': 'Någon annan har tagit över mötet. Se nedan vem som har det nu.',
      'taken-over-too-often': 'Mötet har tagits över för många gånger. Avboka det och boka ett nytt.',
      'unknown-participant': 'Personen deltar inte i mötet. Se nedan vem som har det nu.',
      'person-twice': 'Personen deltar redan i mötet.',
      'nothing-changes': 'Personen har redan mötet.',
      'staff-left': 'Personen arbetar inte längre på mottagningen.',
      'not-your-meeting': 'Du kan ta över mötet själv, eller lämna över ett möte som är ditt.',
      'not-carried-out-yet': 'Det är sparat och blir gjort så snart det går.',
      'posted-before': 'Du skickade samma sida två gånger med olika svar. Det första gäller.',
      'command-under-way': 'Det håller på att göras. Läs sidan igen om en stund.',
    },
  },
  en: {
    reason: 'Why?',
    reasonHint: 'The reason stands in the log, which the patient can read.',
    reasonProblem: 'Choose a reason.',
    reasons: {
      absent: 'Is not here',
      delayed: 'Is late',
      'other-competence': 'Another competence is needed',
      'wrong-booking': 'The meeting was booked for the wrong person',
      other: 'Another reason',
    },
    to: 'Who gets the meeting?',
    toProblem: 'Choose who gets the meeting.',
    choose: 'Choose',
    somethingMissing: 'Something is missing',
    notDone: 'It was not done. Read the page again.',
    refusals: {
      cancelled: 'The meeting is cancelled. Nothing has changed.',
      ended: 'The meeting is over. Nothing has changed.',
      'taken-over-meanwhile': 'Somebody else has taken the meeting over. See below who has it now.',
      'taken-over-too-often': 'The meeting has been taken over too many times. Cancel it and book another.',
      'unknown-participant': 'The person does not take part in the meeting. See below who has it now.',
      'person-twice': 'The person takes part in the meeting already.',
      'nothing-changes': 'The person has the meeting already.',
      'staff-left': 'The person does not work at the clinic any more.',
      'not-your-meeting': 'You can take the meeting over yourself, or hand over one of your own.',
      'not-carried-out-yet': 'It is stored, and done as soon as it can be.',
      'posted-before': 'You sent the same page twice with different answers. The first one holds.',
      'command-under-way': 'It is being done. Read the page again in a moment.',
    },
  },
});
