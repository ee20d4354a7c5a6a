import { wording } from '../../frame/wording';
import type { FailedTry } from '../../../rules/gates';
import type { BackUpWay } from '../../../rules/meeting';

/** The words of the room at the desk. */
export const deskRoomTexts = wording({
  sv: {
    title: (time: string): string => `Möte ${time}`,
    born: 'född',
    years: 'år',
    protectedName: 'Visa namnet',
    nameTitle: 'Vem patienten är',
    toRoom: 'Till rummet',
    child: {
      title: 'Patienten är under 18 år',
      text: 'Fråga aldrig barn och unga om våld, övergrepp eller hur det är hemma i ett digitalt möte eller i chatten. Den som skadar kan vara i rummet.',
    },
    door: {
      'too-early': {
        title: 'Det går inte att gå in än',
        text: 'Rummet öppnar kl.',
      },
      'may-enter': {
        title: 'Du kan gå in',
        text: 'Kameran och mikrofonen startar när du går in. Ingen ser dig innan dess.',
      },
      cancelled: { title: 'Mötet är avbokat', text: 'Det finns inget att gå in till.' },
      ended: { title: 'Mötet är slut', text: 'Ange vad mötet blev, om det inte är gjort.' },
      'no-part': {
        title: 'Du deltar inte i mötet',
        text: 'Bara den personal som deltar går in i rummet.',
      },
      protected: {
        title: 'Patienten har skyddade personuppgifter',
        text: 'Mötet kan inte hållas i videorummet förrän mottagningen har godkänt det för hand. Håll mötet på ett annat sätt.',
      },
      'back-up': { title: 'Mötet går enligt reservrutinen', text: 'Så fortsätter det:' },
    },
    ways: {
      telephone: 'Ring patienten.',
      'text-thread': 'Skriv till patienten i chatten på den här sidan.',
      'video-telephony': 'Ring upp patienten med videosamtal.',
      'physical-visit': 'Patienten kommer på ett vanligt besök.',
    } satisfies Record<BackUpWay, string>,
    unknownWay: 'Hör av dig till patienten.',
    enter: 'Gå in i mötet',
    outcome: 'Ange vad mötet blev',
    noScript: 'Videon visas på en egen sida när du går in. Med JavaScript finns allt på den här sidan.',
    who: {
      title: 'Vilka är här',
      in: 'I rummet',
      waits: 'Väntar sedan kl.',
      minutes: 'min',
      out: 'Inte här',
      failed: 'Försökte komma in kl.',
      keptOut: 'Får inte delta',
      keptOutIsIn:
        'Någon som inte får delta är kvar i rummet. Be personen gå, eller avsluta för alla. Den som har lämnat kommer inte in igen.',
      consent: 'Patienten kommer inte in än: samtycke saknas.',
      consentLink: 'Fråga patienten',
      form: 'Patienten kommer inte in än: formulär saknas.',
      formLink: 'Fyll i det med patienten',
      called: 'De har ringt: kommer inte in',
    },
    failed: {
      'login-required': 'inloggningen gick inte igenom',
      'not-entitled': 'har inte rätt att vara med',
      cancelled: 'mötet är avbokat',
      ended: 'mötet var slut',
      'back-up-routine': 'mötet går enligt reservrutinen',
      'too-early': 'för tidigt',
      'consent-missing': 'samtycke saknas',
      'form-missing': 'formulär saknas',
      'clinic-not-ready': 'mottagningen var inte klar',
      'technical-fault': 'tekniskt fel',
      'said-so': 'säger själv att det inte går',
      'another-login': 'någon annan loggade in med länken',
      'login-begun': 'inloggningen är inte klar',
      'too-many-requests': 'för många försök',
    } satisfies Record<FailedTry, string>,
    letIn: {
      title: 'Släpp in patienten',
      button: 'Allt stämmer: släpp in',
      done: 'Patienten släpps in. Bekräftat kl.',
    },
    entitled: {
      title: 'Har alla rätt att vara med?',
      text: 'Fråga vilka som är i rummet hos patienten, i bild och utanför.',
      button: 'Ja, alla har rätt att vara med',
      done: 'Alla som är med har rätt att vara med. Bekräftat kl.',
    },
    whereabouts: {
      title: 'Var är patienten nu?',
      text: 'Fråga vid start, om något skulle hända. Uppgifterna raderas när mötet slutar.',
      place: 'Plats',
      placeHint: 'Adress eller plats, så att ambulans hittar dit',
      number: 'Telefonnummer',
      save: 'Spara under mötet',
      change: 'Ändra',
      at: 'Patienten är här',
      reach: 'Nås på',
      problems: {
        title: 'Det är inte sparat än',
        place: 'Skriv var patienten är, på högst 200 tecken.',
        number: 'Skriv ett telefonnummer, med siffror.',
      },
    },
    emergency: 'Ring 112',
    backUp: 'Byt till reservrutin',
    page: 'Mötets sida',
    chat: {
      title: 'Chatt med patienten',
      pageTitle: 'Chatten',
      toPage: 'Läs och skriv i chatten',
      closed: {
        'too-early': 'Det går att skriva när rummet har öppnat.',
        ended: 'Mötet är slut. Det som skrevs finns kvar.',
        cancelled: 'Mötet är avbokat.',
        'no-part': 'Bara den som deltar skriver i chatten.',
      },
    },
    endForAll: {
      open: 'Avsluta för alla',
      sure: 'Avsluta mötet för alla?',
      text: 'Videon stängs för alla. Sedan anger du vad mötet blev.',
      yes: 'Avsluta för alla',
      no: 'Nej, fortsätt',
    },
    said: {
      'let-in': 'Patienten släpps in.',
      entitled: 'Bekräftat: alla har rätt att vara med.',
      whereabouts: 'Sparat under mötet.',
    },
    refused: {
      'command-under-way': 'Det görs just nu. Vänta en liten stund.',
      'not-carried-out-yet': 'Det är mottaget och görs strax.',
      ended: 'Mötet är slut. Inget har ändrats.',
      'no-room-name':
        'Skriv rummets namn på högst 60 tecken, utan personnummer. Patienten är inte insläppt än.',
      cancelled: 'Mötet är avbokat. Inget har ändrats.',
      'too-early': 'Det är för tidigt. Inget har ändrats.',
      'moved-meanwhile': 'Mötet har fått en ny tid sedan sidan öppnades. Inget har ändrats.',
      other: 'Det gick inte. Inget har ändrats. Öppna sidan igen och försök en gång till.',
    },
    notSaved: 'Det gick inte att spara just nu. Försök igen.',
    failedRoom: {
      title: 'Videorummet svarar inte',
      text: 'Försök igen. Går det inte: byt till reservrutinen, så får patienten veta det direkt.',
      again: 'Försök igen',
    },
    out: {
      elsewhere: {
        title: 'Du är med i mötet från en annan enhet eller flik',
        text: 'Videon är stängd här och fortsätter där.',
      },
      removed: { title: 'Du är inte kvar i videomötet', text: 'Någon annan har avslutat din medverkan.' },
      ended: { title: 'Videomötet har avslutats', text: 'Är ni klara: ange vad mötet blev.' },
      again: 'Gå in igen',
    },
    left: {
      title: 'Du har lämnat mötet',
      text: 'Andra kan vara kvar i rummet. Är ni klara: ange vad mötet blev.',
      again: 'Gå in igen',
    },
  },
  en: {
    title: (time) => `Meeting ${time}`,
    born: 'born',
    years: 'years',
    protectedName: 'Show the name',
    nameTitle: 'Who the patient is',
    toRoom: 'To the room',
    child: {
      title: 'The patient is under 18',
      text: 'Never ask children or young people about violence, abuse or how it is at home in a digital meeting or in the chat. The one who harms may be in the room.',
    },
    door: {
      'too-early': { title: 'You cannot go in yet', text: 'The room opens at' },
      'may-enter': {
        title: 'You can go in',
        text: 'Camera and microphone start when you go in. Nobody sees you before that.',
      },
      cancelled: { title: 'The meeting is cancelled', text: 'There is nothing to go in to.' },
      ended: { title: 'The meeting is over', text: 'State what it came to, if that is not done.' },
      'no-part': {
        title: 'You do not take part in the meeting',
        text: 'Only the staff who take part go into the room.',
      },
      protected: {
        title: 'The patient has protected personal data',
        text: 'The meeting cannot be held in the video room until the clinic has approved it by hand. Hold it in another way.',
      },
      'back-up': { title: 'The meeting goes by the back-up routine', text: 'This is how it goes on:' },
    },
    ways: {
      telephone: 'Call the patient.',
      'text-thread': 'Write to the patient in the chat on this page.',
      'video-telephony': 'Call the patient by video telephony.',
      'physical-visit': 'The patient comes for an ordinary visit.',
    },
    unknownWay: 'Get in touch with the patient.',
    enter: 'Go into the meeting',
    outcome: 'State what the meeting came to',
    noScript: 'The video opens on a page of its own when you go in. With JavaScript all is on this page.',
    who: {
      title: 'Who is here',
      in: 'In the room',
      waits: 'Has waited since',
      minutes: 'min',
      out: 'Not here',
      failed: 'Tried to come in at',
      keptOut: 'May not take part',
      keptOutIsIn:
        'Somebody who may not take part is still in the room. Ask them to leave, or end it for all. Who has left does not come in again.',
      consent: 'The patient does not get in yet: consent is missing.',
      consentLink: 'Ask the patient',
      form: 'The patient does not get in yet: a form is missing.',
      formLink: 'Fill it in with the patient',
      called: 'They have called: cannot get in',
    },
    failed: {
      'login-required': 'the login failed',
      'not-entitled': 'may not take part',
      cancelled: 'the meeting is cancelled',
      ended: 'the meeting was over',
      'back-up-routine': 'the meeting goes by the back-up routine',
      'too-early': 'too early',
      'consent-missing': 'consent missing',
      'form-missing': 'form missing',
      'clinic-not-ready': 'the clinic was not ready',
      'technical-fault': 'technical fault',
      'said-so': 'says that it does not work',
      'another-login': 'somebody else logged in with the link',
      'login-begun': 'the login is not finished',
      'too-many-requests': 'too many tries',
    },
    letIn: {
      title: 'Let the patient in',
      button: 'All is right: let in',
      done: 'The patient is let in. Confirmed at',
    },
    entitled: {
      title: 'May everybody here take part?',
      text: 'Ask who is in the room with the patient, on and off camera.',
      button: 'Yes, all may take part',
      done: 'All who are here may take part. Confirmed at',
    },
    whereabouts: {
      title: 'Where is the patient now?',
      text: 'Ask at the start, should something happen. It is erased when the meeting ends.',
      place: 'Place',
      placeHint: 'Address or place, so that an ambulance finds it',
      number: 'Telephone number',
      save: 'Keep during the meeting',
      change: 'Change',
      at: 'The patient is here',
      reach: 'Reached at',
      problems: {
        title: 'It is not saved yet',
        place: 'Write where the patient is, in at most 200 characters.',
        number: 'Write a telephone number, in digits.',
      },
    },
    emergency: 'Call 112',
    backUp: 'Switch to the back-up routine',
    page: 'The meeting’s page',
    chat: {
      title: 'Chat with the patient',
      pageTitle: 'The chat',
      toPage: 'Read and write in the chat',
      closed: {
        'too-early': 'One can write once the room has opened.',
        ended: 'The meeting is over. What was written is kept.',
        cancelled: 'The meeting is cancelled.',
        'no-part': 'Only those who take part write in the chat.',
      },
    },
    endForAll: {
      open: 'End for all',
      sure: 'End the meeting for all?',
      text: 'The video closes for everybody. Then you state what the meeting came to.',
      yes: 'End for all',
      no: 'No, go on',
    },
    said: {
      'let-in': 'The patient is let in.',
      entitled: 'Confirmed: all may take part.',
      whereabouts: 'Kept during the meeting.',
    },
    refused: {
      'command-under-way': 'It is being done. Wait a moment.',
      'not-carried-out-yet': 'It is received, and done soon.',
      ended: 'The meeting is over. Nothing has changed.',
      'no-room-name':
        'Write the room’s name in at most 60 characters, without a personal number. The patient is not let in yet.',
      cancelled: 'The meeting is cancelled. Nothing has changed.',
      'too-early': 'It is too early. Nothing has changed.',
      'moved-meanwhile': 'The meeting has got another time since the page was opened. Nothing has changed.',
      other: 'That did not work. Nothing has changed. Open the page again and try once more.',
    },
    notSaved: 'It could not be saved just now. Try again.',
    failedRoom: {
      title: 'The video room does not answer',
      text: 'Try again. If that does not help: switch to the back-up routine, and the patient hears of it at once.',
      again: 'Try again',
    },
    out: {
      elsewhere: {
        title: 'You are in the meeting from another device or tab',
        text: 'The video is closed here and goes on there.',
      },
      removed: { title: 'You are no longer in the video meeting', text: 'Somebody else has taken you out.' },
      ended: {
        title: 'The video meeting has ended',
        text: 'If you are finished: state what the meeting came to.',
      },
      again: 'Go in again',
    },
    left: {
      title: 'You have left the meeting',
      text: 'Others may still be in the room. If you are finished: state what the meeting came to.',
      again: 'Go in again',
    },
  },
});

/** What has just been said of an act, by the words of the page's address; unknown ones say nothing. */
export function saidOf(
  words: (typeof deskRoomTexts)['sv'],
  { said, refused }: { said?: string; refused?: string },
): { text: string; isRefused: boolean } | null {
  const own = (of: Record<string, string>, name: string): string | undefined =>
    Object.hasOwn(of, name) ? of[name] : undefined;
  if (refused !== undefined)
    return { text: own(words.refused, refused) ?? words.refused.other, isRefused: true };
  const text = said === undefined ? undefined : own(words.said, said);
  return text === undefined ? null : { text, isRefused: false };
}
