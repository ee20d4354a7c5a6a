import type { SmsObstacle } from '../../../rules/calendar/who-hears';
import type { Channel } from '../../../rules/consents';
import type { BackUpWay } from '../../../rules/meeting';
import type { Language } from '../../../rules/notices';
import { wording } from '../../frame/wording';

/** What the desk says of people, wherever it does. */
export const peopleWords = wording({
  sv: {
    name: 'Namn',
    number: 'Personnummer',
    birthDate: 'Födelsedatum',
    mobile: 'Mobilnummer',
    email: 'E-post',
    language: 'Språk i meddelanden',
    languages: { sv: 'Svenska', en: 'Engelska' } satisfies Record<Language, string>,
    noticesBy: 'Vill helst ha meddelanden med',
    channels: { sms: 'Sms', email: 'E-post' } satisfies Record<Channel, string>,
    unsuitable: 'Passar inte personen om tekniken krånglar',
    ways: {
      telephone: 'Telefon',
      'text-thread': 'Textmeddelanden',
      'video-telephony': 'Bildtelefoni',
      'physical-visit': 'Fysiskt besök',
    } satisfies Record<BackUpWay, string>,
    protectedIdentity: 'Skyddade personuppgifter',
    obstacles: {
      'no-phone-number': 'mobilnummer saknas',
      'no-consent': 'samtycke till sms saknas',
      'consent-for-another-number': 'samtycket gäller ett tidigare nummer',
      'guardians-number': 'numret är eller kan vara en vårdnadshavares som inte får veta',
      'foreign-number': 'mottagningen skickar bara till svenska nummer',
      'protected-identity': 'personuppgifterna är skyddade',
    } satisfies Record<SmsObstacle, string>,
    years: (age: number) => `${age} år`,
    nothing: '–',
  },
  en: {
    name: 'Name',
    number: 'Personal identity number',
    birthDate: 'Birth date',
    mobile: 'Mobile number',
    email: 'E-mail',
    language: 'Language of messages',
    languages: { sv: 'Swedish', en: 'English' },
    noticesBy: 'Prefers messages by',
    channels: { sms: 'SMS', email: 'E-mail' },
    unsuitable: 'Does not suit the person when technology fails',
    ways: {
      telephone: 'Telephone',
      'text-thread': 'Text messages',
      'video-telephony': 'Video telephony',
      'physical-visit': 'Physical visit',
    },
    protectedIdentity: 'Protected personal data',
    obstacles: {
      'no-phone-number': 'there is no mobile number',
      'no-consent': 'there is no consent to SMS',
      'consent-for-another-number': 'the consent is for an earlier number',
      'guardians-number': 'the number is or can be one of a guardian who may not hear',
      'foreign-number': 'the clinic sends to Swedish numbers only',
      'protected-identity': 'the personal data are protected',
    },
    years: (age) => `${age} years`,
    nothing: '–',
  },
});
