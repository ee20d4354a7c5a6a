import { wording } from '../../frame/wording';
import type { FieldName, GroupName } from './settings-groups';

/** What a setting is called, how it is typed, what is told where it is wrong, and its unit. */
interface FieldWords {
  label: string;
  hint?: string;
  problem: string;
  /** Of one, and of all other numbers. */
  unit?: [one: string, many: string];
  /** What it is where nothing is set. */
  none?: string;
}

/** The clinic's settings in words that a manager need not look up. */
export const settingsWords = wording<{
  groups: Record<GroupName, { title: string; what: string }>;
  fields: Record<FieldName, FieldWords>;
}>({
  sv: {
    groups: {
      contact: { title: 'Telefon', what: 'Numren som patienter ser.' },
      meetings: {
        title: 'Möten',
        what: 'Gäller möten som bokas från nu. Bokade möten behåller det som patienten har fått veta.',
      },
      notices: { title: 'SMS och e-post', what: 'Det som skickas till patienter om möten.' },
      cases: { title: 'Meddelanden', what: 'Öppettider för ärenden, och vilka som påminns om svar.' },
      look: { title: 'Utseende och ansvarig', what: 'Visas på patienternas sidor.' },
      privacy: {
        title: 'Text om personuppgifter',
        what: 'Visas i stället för tjänstens egen text. Skriv båda språken, eller lämna båda tomma.',
      },
      accessibility: {
        title: 'Text om tillgänglighet',
        what: 'Visas i stället för tjänstens egen text. Skriv båda språken, eller lämna båda tomma.',
      },
    },
    fields: {
      phone: {
        label: 'Mottagningens telefonnummer',
        hint: 'Patienter som har loggat in ser det',
        problem: 'Skriv ett telefonnummer på högst 40 tecken.',
      },
      supportPhone: {
        label: 'Teknisk support, telefonnummer',
        problem: 'Skriv ett telefonnummer på högst 40 tecken.',
      },
      noticeHours: {
        label: 'Senaste avbokning',
        hint: 'Så många timmar före mötet. Den som avbokar senare kan få betala.',
        problem: 'Skriv ett antal hela timmar, 0–336.',
        unit: ['timme före', 'timmar före'],
      },
      graceMinutes: {
        label: 'Väntetid på patienten',
        hint: 'Så många minuter efter start väntar ni innan mötet räknas som uteblivet',
        problem: 'Skriv ett antal hela minuter, 1–120.',
        unit: ['minut', 'minuter'],
      },
      doorOpensMinutesBefore: {
        label: 'Dörren öppnar',
        hint: 'Så många minuter före start kan patienten gå in i väntrummet',
        problem: 'Skriv ett antal hela minuter, 0–120.',
        unit: ['minut före', 'minuter före'],
      },
      overrunMinutes: {
        label: 'Längsta övertid',
        hint: 'Så många minuter efter bokat slut kan mötet fortsätta',
        problem: 'Skriv ett antal hela minuter, 0–240.',
        unit: ['minut', 'minuter'],
      },
      linkInSms: {
        label: 'Länk i SMS',
        hint: 'Utan länk får patienten själv gå till tjänsten. Länken öppnar inget utan inloggning.',
        problem: 'Välj om länken ska vara med.',
      },
      hasQuietHours: {
        label: 'Tysta timmar',
        hint: 'Besked om bokning, ändring och avbokning väntar då till morgonen',
        problem: 'Välj om det finns tysta timmar.',
      },
      quietFrom: {
        label: 'Tyst från',
        hint: 'Till exempel 21:00',
        problem: 'Skriv ett klockslag, till exempel 21:00. Tiden 02:00–02:59 går inte.',
      },
      quietUntil: {
        label: 'Tyst till',
        hint: 'Till exempel 07:00',
        problem: 'Skriv ett klockslag, till exempel 07:00, ett annat än det då tystnaden börjar.',
      },
      quietUnlessBefore: {
        label: 'Skicka ändå om mötet börjar före',
        hint: 'Till exempel 12:00: för ett möte i morgon förmiddag skickas beskedet också på natten',
        problem: 'Skriv ett klockslag, inte före det då tystnaden slutar.',
      },
      opensAt: {
        label: 'Öppnar',
        hint: 'Vardagar, till exempel 08:00',
        problem: 'Skriv ett klockslag, till exempel 08:00.',
      },
      closesAt: {
        label: 'Stänger',
        hint: 'Vardagar, till exempel 16:00',
        problem: 'Skriv ett klockslag efter öppningen, till exempel 16:00.',
      },
      warnMinutesBeforeClosing: {
        label: 'Sista påminnelse om svar',
        hint: 'Så många minuter före stängning sista dagen',
        problem: 'Skriv ett antal hela minuter, 15–480.',
        unit: ['minut före stängning', 'minuter före stängning'],
      },
      patientsMayOpen: {
        label: 'Patienter får öppna egna ärenden',
        problem: 'Välj om patienter får öppna ärenden.',
      },
      burstMinutes: {
        label: 'Nya meddelanden räknas ihop',
        hint: 'Patienten får ett besked om allt ni skriver inom så många minuter',
        problem: 'Skriv ett antal hela minuter, 1–1440.',
        unit: ['minut', 'minuter'],
      },
      staffEmails: {
        label: 'E-post till personal som påminns',
        hint: 'En adress på varje rad, högst 10',
        problem: 'Skriv högst 10 olika e-postadresser, en på varje rad.',
        none: 'Ingen',
      },
      managerEmails: {
        label: 'E-post till chef vid uteblivet svar',
        hint: 'En adress på varje rad, högst 10',
        problem: 'Skriv högst 10 olika e-postadresser, en på varje rad.',
        none: 'Ingen',
      },
      colour: {
        label: 'Färg på bandet högst upp',
        hint: 'Som #0b4a57. Texten på färgen är vit. Lämna tomt för tjänstens egen färg.',
        problem: 'Skriv färgen som #0b4a57. Den måste vara så mörk att vit text syns (kontrast minst 4,5:1).',
        none: 'Tjänstens egen',
      },
      controller: {
        label: 'Personuppgiftsansvarig',
        hint: 'Namn och adress',
        problem: 'Skriv på en rad, högst 300 tecken.',
        none: 'Inte angiven',
      },
      dataProtectionOfficer: {
        label: 'Dataskyddsombud',
        hint: 'Så når man ombudet',
        problem: 'Skriv på en rad, högst 300 tecken.',
        none: 'Inte angivet',
      },
      ...texts('Skriv båda språken, högst 20 000 tecken vardera, eller lämna båda tomma.', {
        sv: 'Text på svenska',
        en: 'Text på engelska',
        hint: 'En tom rad skiljer stycken. ## börjar en rubrik, - en rad i en lista.',
        none: 'Tjänstens egen text',
      }),
    },
  },
  en: {
    groups: {
      contact: { title: 'Telephone', what: 'The numbers that patients see.' },
      meetings: {
        title: 'Meetings',
        what: 'Holds for meetings booked from now on. Booked meetings keep what the patient was told.',
      },
      notices: { title: 'SMS and e-mail', what: 'What is sent to patients about meetings.' },
      cases: { title: 'Messages', what: 'Opening hours of cases, and who is reminded of replies.' },
      look: { title: 'Look and controller', what: 'Shown on patients’ pages.' },
      privacy: {
        title: 'Text on personal data',
        what: 'Shown in place of the service’s own text. Write both languages, or leave both empty.',
      },
      accessibility: {
        title: 'Text on accessibility',
        what: 'Shown in place of the service’s own text. Write both languages, or leave both empty.',
      },
    },
    fields: {
      phone: {
        label: 'The clinic’s telephone number',
        hint: 'Patients who have logged in see it',
        problem: 'Write a telephone number of at most 40 characters.',
      },
      supportPhone: {
        label: 'Technical support, telephone number',
        problem: 'Write a telephone number of at most 40 characters.',
      },
      noticeHours: {
        label: 'Latest cancellation',
        hint: 'So many hours before the meeting. Whoever cancels later may have to pay.',
        problem: 'Write a whole number of hours, 0–336.',
        unit: ['hour before', 'hours before'],
      },
      graceMinutes: {
        label: 'Time to wait for the patient',
        hint: 'So many minutes after the start you wait before it counts as a no-show',
        problem: 'Write a whole number of minutes, 1–120.',
        unit: ['minute', 'minutes'],
      },
      doorOpensMinutesBefore: {
        label: 'The door opens',
        hint: 'So many minutes before the start the patient can enter the waiting room',
        problem: 'Write a whole number of minutes, 0–120.',
        unit: ['minute before', 'minutes before'],
      },
      overrunMinutes: {
        label: 'Longest overrun',
        hint: 'So many minutes after the booked end the meeting can go on',
        problem: 'Write a whole number of minutes, 0–240.',
        unit: ['minute', 'minutes'],
      },
      linkInSms: {
        label: 'Link in SMS',
        hint: 'Without it patients find the service themselves. The link opens nothing without a login.',
        problem: 'Choose whether the link is in it.',
      },
      hasQuietHours: {
        label: 'Quiet hours',
        hint: 'Notices of booking, change and cancellation wait until the morning then',
        problem: 'Choose whether there are quiet hours.',
      },
      quietFrom: {
        label: 'Quiet from',
        hint: 'For example 21:00',
        problem: 'Write a clock time, for example 21:00. The time 02:00–02:59 will not do.',
      },
      quietUntil: {
        label: 'Quiet until',
        hint: 'For example 07:00',
        problem: 'Write a clock time, for example 07:00, another than when the quiet begins.',
      },
      quietUnlessBefore: {
        label: 'Send all the same if the meeting begins before',
        hint: 'For example 12:00: for a meeting tomorrow morning the notice goes out at night too',
        problem: 'Write a clock time, not before the one when the quiet ends.',
      },
      opensAt: {
        label: 'Opens',
        hint: 'Weekdays, for example 08:00',
        problem: 'Write a clock time, for example 08:00.',
      },
      closesAt: {
        label: 'Closes',
        hint: 'Weekdays, for example 16:00',
        problem: 'Write a clock time after the opening, for example 16:00.',
      },
      warnMinutesBeforeClosing: {
        label: 'Last reminder of a reply',
        hint: 'So many minutes before closing on the last day',
        problem: 'Write a whole number of minutes, 15–480.',
        unit: ['minute before closing', 'minutes before closing'],
      },
      patientsMayOpen: {
        label: 'Patients may open cases of their own',
        problem: 'Choose whether patients may open cases.',
      },
      burstMinutes: {
        label: 'New messages are counted together',
        hint: 'The patient gets one notice of all that you write within so many minutes',
        problem: 'Write a whole number of minutes, 1–1440.',
        unit: ['minute', 'minutes'],
      },
      staffEmails: {
        label: 'E-mail to staff who are reminded',
        hint: 'One address a line, at most 10',
        problem: 'Write at most 10 different e-mail addresses, one a line.',
        none: 'None',
      },
      managerEmails: {
        label: 'E-mail to the manager where no reply was given',
        hint: 'One address a line, at most 10',
        problem: 'Write at most 10 different e-mail addresses, one a line.',
        none: 'None',
      },
      colour: {
        label: 'Colour of the band at the top',
        hint: 'As #0b4a57. The text on the colour is white. Leave it empty for the service’s own colour.',
        problem:
          'Write the colour as #0b4a57. It must be so dark that white text shows (contrast at least 4.5:1).',
        none: 'The service’s own',
      },
      controller: {
        label: 'Controller of personal data',
        hint: 'Name and address',
        problem: 'Write on one line, at most 300 characters.',
        none: 'Not told',
      },
      dataProtectionOfficer: {
        label: 'Data protection officer',
        hint: 'How one reaches the officer',
        problem: 'Write on one line, at most 300 characters.',
        none: 'Not told',
      },
      ...texts('Write both languages, at most 20,000 characters each, or leave both empty.', {
        sv: 'Text in Swedish',
        en: 'Text in English',
        hint: 'An empty line parts paragraphs. ## begins a heading, - a line of a list.',
        none: 'The service’s own text',
      }),
    },
  },
});

/** The texts about personal data and about accessibility are typed alike. */
function texts(
  problem: string,
  { sv, en, hint, none }: { sv: string; en: string; hint: string; none: string },
): Record<'privacySv' | 'privacyEn' | 'accessibilitySv' | 'accessibilityEn', FieldWords> {
  const swedish = { label: sv, hint, problem, none };
  const english = { label: en, hint, problem, none };
  return {
    privacySv: swedish,
    privacyEn: english,
    accessibilitySv: swedish,
    accessibilityEn: english,
  };
}
