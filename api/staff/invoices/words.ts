import type { FeeDecision } from '../../../rules/fee';
import type { InvoiceStanding, WaiveReason } from '../../../rules/invoice';
import type { Language } from '../../../rules/notices';
import type { causes, invoiceViews } from '../../../use-cases/invoice/view';
import type { InvoiceRefusal } from '../../../workflows/invoice/messages';
import { wording } from '../../frame/wording';
import { deskWords } from '../frame/words';

/** One invoice as the API shows it too. */
export type Invoice = ReturnType<typeof invoiceViews>[number];
/** Why something is charged, or not. */
export type Cause = (typeof causes)[number];
type Step = Invoice['steps'][number];

/** Why something costs or does not, a sentence each, with the rule behind it: `… (R5.3)`. */
export const whyItCosts = (because: FeeDecision['because'], language: Language): string[] =>
  because.map(({ rule, reason }) => `${wordOf(texts[language].rules, reason) ?? reason} (${rule})`);

/** A cause in words. */
export const causeWord = (cause: Cause, language: Language): string =>
  cause === 'rebooked-late' ? texts[language].rebookedLate : deskWords[language].outcomes[cause];

/** A step of an invoice's life in words, with its reason where it says more. */
export function stepWord({ what, reason }: Pick<Step, 'what' | 'reason'>, language: Language): string {
  const words = texts[language];
  const step = wordOf({ ...deskWords[language].invoiceStates, ...words.steps }, what) ?? what;
  const why = reason === null ? undefined : stepReason(what, reason, language);
  return why === undefined ? step : `${step}: ${why}`;
}

function stepReason(what: string, reason: string, language: Language): string | undefined {
  const { stepReasons, waiveReasons, rebookedLate } = texts[language];
  if (what === 'billing-silent') return undefined;
  return wordOf(
    { ...deskWords[language].outcomes, 'rebooked-late': rebookedLate, ...waiveReasons, ...stepReasons },
    reason,
  );
}

const wordOf = (table: Record<string, string>, word: string): string | undefined =>
  Object.hasOwn(table, word) ? table[word] : undefined;

/** Why staff waive or credit, as they choose it. */
export const waiveWords = (language: Language): Record<WaiveReason, string> => texts[language].waiveReasons;

/** Where invoices stand, as the parts of the list. */
export const standingWords = (language: Language): Record<InvoiceStanding, string> =>
  texts[language].standings;

/** Why an act was refused. */
export const refusedWords = (language: Language): Record<string, string> => texts[language].refused;

const texts = wording({
  sv: {
    rebookedLate: 'Ombokat för sent',
    standings: {
      'to-decide': 'Att avgöra',
      'going-out': 'Går ut av sig själva',
      'at-billing': 'Hos faktureringen',
      'billing-silent': 'Inget svar från faktureringen',
      'billing-refused': 'Nekade av faktureringen',
      issued: 'Utfärdade',
      over: 'Avslutade',
    } satisfies Record<InvoiceStanding, string>,
    rules: {
      'no-show': 'Patienten uteblev',
      'cancelled-late': 'Patienten avbokade senare än kallelsen säger',
      'rebooked-late': 'Patienten bokade om senare än kallelsen säger',
      'cancelled-in-time': 'Patienten avbokade i tid',
      'cancelled-by-clinic': 'Mottagningen avbokade',
      'moved-to-the-back-up-routine': 'Mötet hölls enligt reservrutin',
      'clinic-absent': 'Mottagningen kom inte',
      'could-not-start': 'Mötet kunde inte starta',
      'staff-must-decide-first': 'Ni ska först avgöra vad mötet blev',
      'other-contact-by-its-own-fee-code': 'Kontakten har en egen avgift',
      'agreed-and-corresponds-to-a-visit': 'Tiden var överenskommen, och mötet motsvarar ett besök',
      'time-not-agreed': 'Tiden var inte överenskommen',
      'consent-refused': 'Patienten har sagt nej till att mottagningen ser tidigare vård',
      'form-consent-or-interpreter-missing': 'Formulär, samtycke eller tolk saknades',
      'not-told-of-the-fee': 'Patienten hade inte fått veta vad ett uteblivet besök kostar',
      'clinic-set-the-time-inside-the-notice': 'Mottagningen satte tiden för sent för att avboka i tid',
    },
    steps: {
      held: 'Väntar på er',
      objected: 'Patienten invände',
      'objected-after-issue': 'Patienten invände efter att fakturan hade gått ut',
      'credit-refused': 'Faktureringen nekade krediteringen',
      'billing-silent': 'Faktureringen hade inte svarat på en vecka',
    },
    stepReasons: {
      approved: 'godkänd',
      'let-through': 'tiden att invända var ute',
      replaced: 'en annan tar dess plats',
      'accepted-by-billing': 'faktureringen sa ja',
      'refused-by-billing': 'faktureringen sa nej',
      'protected-identity': 'patienten har skyddade personuppgifter',
    },
    waiveReasons: {
      'clinic-mistake': 'Fel hos mottagningen',
      'technical-fault': 'Tekniskt fel',
      'patient-explained': 'Patientens förklaring',
      'wrong-person': 'Fel person',
      goodwill: 'Goodwill',
      other: 'Annat skäl',
    } satisfies Record<WaiveReason, string>,
    refused: {
      'no-such-invoice': 'Fakturan finns inte.',
      replaced: 'En annan faktura har ersatt den.',
      'waits-for-billing': 'Faktureringen har den, och har inte svarat än.',
      'not-proposed': 'Den är redan avgjord.',
      'not-issued': 'Så som fakturan står går det inte.',
      'not-handed-over': 'Faktureringen har inte fått någon fråga om den.',
      'needs-no-approval': 'Den går ut av sig själv, om ingen invänder.',
      'payer-missing': 'Säg vem som betalar.',
      'payer-is-decided': 'Vem som betalar följer av åldern.',
      'amount-missing':
        'Avgiftstabellen har inget belopp för dagen. Be verksamhetschefen rätta tabellen, och godkänn sedan.',
      'objected-already': 'Patienten har redan invänt.',
      'nothing-changes': 'Det skulle bli samma faktura.',
      'too-many-invoices': 'Det har gjorts för många fakturor för det här mötet.',
    } satisfies Record<InvoiceRefusal, string>,
  },
  en: {
    rebookedLate: 'Rebooked too late',
    standings: {
      'to-decide': 'To decide',
      'going-out': 'Going out',
      'at-billing': 'With billing',
      'billing-silent': 'No answer from billing',
      'billing-refused': 'Refused by billing',
      issued: 'Issued',
      over: 'Over',
    },
    rules: {
      'no-show': 'The patient did not come',
      'cancelled-late': 'The patient cancelled later than the invitation says',
      'rebooked-late': 'The patient rebooked later than the invitation says',
      'cancelled-in-time': 'The patient cancelled in time',
      'cancelled-by-clinic': 'The clinic cancelled',
      'moved-to-the-back-up-routine': 'The meeting was held by the back-up routine',
      'clinic-absent': 'The clinic did not come',
      'could-not-start': 'The meeting could not start',
      'staff-must-decide-first': 'You first decide what the meeting came to',
      'other-contact-by-its-own-fee-code': 'The contact has a fee of its own',
      'agreed-and-corresponds-to-a-visit': 'The time was agreed, and the meeting corresponds to a visit',
      'time-not-agreed': 'The time was not agreed',
      'consent-refused': 'The patient has said no to the clinic seeing care history',
      'form-consent-or-interpreter-missing': 'A form, the consent or the interpreter was missing',
      'not-told-of-the-fee': 'The patient was not told what a missed visit costs',
      'clinic-set-the-time-inside-the-notice': 'The clinic set the time too late for a cancellation in time',
    },
    steps: {
      held: 'Waits for you',
      objected: 'The patient objected',
      'objected-after-issue': 'The patient objected after the invoice had gone out',
      'credit-refused': 'Billing refused to credit it',
      'billing-silent': 'Billing had not answered in a week',
    },
    stepReasons: {
      approved: 'approved',
      'let-through': 'the time to object was over',
      replaced: 'another takes its place',
      'accepted-by-billing': 'billing said yes',
      'refused-by-billing': 'billing said no',
      'protected-identity': 'the patient has protected personal data',
    },
    waiveReasons: {
      'clinic-mistake': 'A mistake of the clinic',
      'technical-fault': 'A technical fault',
      'patient-explained': 'The patient’s explanation',
      'wrong-person': 'The wrong person',
      goodwill: 'Goodwill',
      other: 'Another reason',
    },
    refused: {
      'no-such-invoice': 'There is no such invoice.',
      replaced: 'Another invoice has taken its place.',
      'waits-for-billing': 'Billing has it, and has not answered yet.',
      'not-proposed': 'It has been decided already.',
      'not-issued': 'As the invoice stands, that is not possible.',
      'not-handed-over': 'Billing was not asked about it.',
      'needs-no-approval': 'It goes out by itself, unless somebody objects.',
      'payer-missing': 'Say who pays.',
      'payer-is-decided': 'Who pays follows from the age.',
      'amount-missing':
        'The fee table has no amount for the day. Ask the operations manager to mend it, then approve.',
      'objected-already': 'The patient has objected already.',
      'nothing-changes': 'It would be the same invoice.',
      'too-many-invoices': 'Too many invoices have been made for this meeting.',
    },
  },
});
