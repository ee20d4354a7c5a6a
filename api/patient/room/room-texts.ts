import { wording } from '../frame/wording';

/** The words of the page that leads into the meeting. */
export const roomTexts = wording({
  sv: {
    title: 'Gå till mötet',
    begins: 'Mötet börjar',
    moved: 'Mötet har flyttats och fått en ny tid.',
    'too-early': {
      title: 'Du är tidig, det är bra',
      text: 'Dörren öppnar strax före mötet. Du kan vänta här: sidan går vidare av sig själv.',
    },
    'clinic-not-ready': {
      title: 'Mottagningen gör sig redo',
      text: 'Du är på rätt plats. Vänta här: sidan går vidare av sig själv när mottagningen öppnar dörren.',
    },
    late: {
      title: 'Mottagningen är sen',
      text: 'Det är inte ditt fel. Blir mötet inte av kostar det inget.',
      call: 'Du kan ringa mottagningen:',
    },
    open: {
      title: 'Mötet är öppet',
      text: 'Du kan gå in nu. Kameran och mikrofonen startar när du går in.',
    },
    'to-do': {
      title: 'Något är kvar att göra',
      text: 'Mötet kan inte börja förrän det här är gjort:',
      consent: 'Svara på frågan om sjukvårdshistorik och läkemedel',
      form: 'Fyll i formuläret',
      others:
        'Patienten har något kvar att fylla i innan mötet kan börja. Vänta här: sidan går vidare av sig själv.',
    },
    cancelled: {
      title: 'Mötet är avbokat',
      text: 'Du behöver inte göra något mer. Vill du ha en ny tid, ring mottagningen.',
    },
    ended: {
      title: 'Mötet är slut',
      text: 'Var du inte med, eller undrar du över något? Ring mottagningen.',
      afterwards: 'Efter mötet: vad det kostar',
      absentTitle: 'Mottagningen kom inte till mötet',
      absent:
        'Det var inte ditt fel, och det kostar dig inget. Mottagningen ska höra av sig om en ny tid. Du kan också ringa:',
    },
    'not-entitled': {
      title: 'Du kan inte vara med i det här mötet',
      text: 'Ring mottagningen om du tror att det är fel.',
    },
    'back-up': {
      title: 'Mötet fortsätter på ett annat sätt',
      why: 'Tekniken fungerar inte som den ska. Du behöver inte göra något på den här sidan, och det kostar dig inget extra.',
      ways: {
        telephone: 'Mottagningen ringer dig. Håll telefonen nära och låt den vara på.',
        'text-thread': 'Mottagningen skriver till dig. Svara där.',
        'video-telephony':
          'Mottagningen ringer upp dig med videosamtal. Håll telefonen nära och låt den vara på.',
        'physical-visit':
          'Mottagningen vill att du kommer på ett vanligt besök. De ringer dig om tid och plats.',
        unknown: 'Mottagningen hör av sig till dig.',
      },
      notHeard: 'Har du inte hört något inom en kvart? Ring mottagningen.',
    },
    opensIn: 'Dörren öppnar om',
    startsIn: 'Mötet börjar om',
    enter: 'Gå in i mötet',
    enterTab: 'Gå in i en egen flik',
    test: 'Testa kamera, mikrofon och ljud',
    cannot: 'Jag kommer inte in',
    back: 'Till mitt möte',
    noScript:
      'Sidan läser in sig själv var tionde sekund. Själva mötet behöver JavaScript: slå på det i webbläsaren innan du går in.',
    chat: 'Chatt: skriv till mottagningen',
    chatPage: 'Läs och skriv i chatten',
    connecting: 'Ansluter till mötet …',
    frame: 'Videomötet',
    noContact: 'Ingen kontakt just nu. Sidan försöker igen av sig själv.',
    away: 'Tjänsten svarar inte som den ska just nu. Sidan försöker igen av sig själv.',
    loggedOut: 'Du är inte längre inloggad.',
    logIn: 'Logga in igen',
    failed: {
      title: 'Videorummet svarar inte',
      text: 'Det är inte ditt fel. Så här händer nu:',
      steps: [
        'Försök en gång till, eller gå in i en egen flik.',
        'Går det inte, tryck på ”Jag kommer inte in”. Då får mottagningen veta att du är här.',
        'Ha telefonen nära. Mottagningen ringer dig, eller hör av sig på ett sätt som passar dig. Det kostar dig inget extra.',
      ],
      again: 'Försök igen',
    },
    out: {
      elsewhere: {
        title: 'Du är med i mötet från en annan enhet eller flik',
        text: 'Videon är stängd här och fortsätter där. Vill du hellre vara med härifrån, gå in igen.',
      },
      removed: {
        title: 'Du är inte kvar i videomötet',
        text: 'Mottagningen har avslutat din medverkan i videon. Tror du att det är fel kan du gå in igen, eller ringa eller skriva till mottagningen.',
      },
      ended: {
        title: 'Videomötet har avslutats',
        text: 'Var ni inte klara? Gå in igen, eller ring eller skriv till mottagningen.',
      },
      again: 'Gå in igen',
    },
    slow: 'Tar det lång tid? Prova att gå in i en egen flik.',
  },
  en: {
    title: 'Go to the meeting',
    begins: 'The meeting begins',
    moved: 'The meeting has been moved to a new time.',
    'too-early': {
      title: 'You are early, that is good',
      text: 'The door opens shortly before the meeting. You can wait here: the page goes on by itself.',
    },
    'clinic-not-ready': {
      title: 'The clinic is getting ready',
      text: 'You are in the right place. Wait here: the page goes on by itself when the clinic opens the door.',
    },
    late: {
      title: 'The clinic is late',
      text: 'It is not your fault. If the meeting does not take place, it costs you nothing.',
      call: 'You can call the clinic:',
    },
    open: {
      title: 'The meeting is open',
      text: 'You can go in now. The camera and the microphone start when you go in.',
    },
    'to-do': {
      title: 'Something is left to do',
      text: 'The meeting cannot begin before this is done:',
      consent: 'Answer the question about care history and medicines',
      form: 'Fill in the form',
      others:
        'The patient has something left to fill in before the meeting can begin. Wait here: the page goes on by itself.',
    },
    cancelled: {
      title: 'The meeting is cancelled',
      text: 'You do not need to do anything more. If you want a new time, call the clinic.',
    },
    ended: {
      title: 'The meeting is over',
      text: 'Did you not take part, or do you have a question? Call the clinic.',
      afterwards: 'After the meeting: what it costs',
      absentTitle: 'The clinic did not come to the meeting',
      absent:
        'It was not your fault, and it costs you nothing. The clinic is to get in touch about a new time. You can also call:',
    },
    'not-entitled': {
      title: 'You cannot take part in this meeting',
      text: 'Call the clinic if you think that this is wrong.',
    },
    'back-up': {
      title: 'The meeting goes on in another way',
      why: 'The technology does not work as it should. You do not need to do anything on this page, and it costs you nothing extra.',
      ways: {
        telephone: 'The clinic calls you. Keep your phone near and switched on.',
        'text-thread': 'The clinic writes to you. Answer there.',
        'video-telephony': 'The clinic makes a video call to you. Keep your phone near and switched on.',
        'physical-visit':
          'The clinic would like you to come to an ordinary visit. They call you about time and place.',
        unknown: 'The clinic gets in touch with you.',
      },
      notHeard: 'Have you heard nothing within a quarter of an hour? Call the clinic.',
    },
    opensIn: 'The door opens in',
    startsIn: 'The meeting begins in',
    enter: 'Go into the meeting',
    enterTab: 'Go in in a tab of its own',
    test: 'Test camera, microphone and sound',
    cannot: 'I can’t get in',
    back: 'To my meeting',
    noScript:
      'The page loads itself again every ten seconds. The meeting itself needs JavaScript: switch it on in your browser before you go in.',
    chat: 'Chat: write to the clinic',
    chatPage: 'Read and write in the chat',
    connecting: 'Connecting to the meeting …',
    frame: 'The video meeting',
    noContact: 'No connection at the moment. The page tries again by itself.',
    away: 'The service does not answer as it should just now. The page tries again by itself.',
    loggedOut: 'You are no longer logged in.',
    logIn: 'Log in again',
    failed: {
      title: 'The video room does not answer',
      text: 'It is not your fault. This is what happens now:',
      steps: [
        'Try once more, or go in in a tab of its own.',
        'If that does not work, press “I can’t get in”. Then the clinic knows that you are here.',
        'Keep your phone near. The clinic calls you, or gets in touch in a way that suits you. It costs you nothing extra.',
      ],
      again: 'Try again',
    },
    out: {
      elsewhere: {
        title: 'You are in the meeting from another device or tab',
        text: 'The video is closed here and goes on there. If you would rather take part from here, go in again.',
      },
      removed: {
        title: 'You are no longer in the video meeting',
        text: 'The clinic has taken you out of the video. If you think that this is wrong, go in again, or call or write to the clinic.',
      },
      ended: {
        title: 'The video meeting has ended',
        text: 'Were you not finished? Go in again, or call or write to the clinic.',
      },
      again: 'Go in again',
    },
    slow: 'Does it take long? Try to go in in a tab of its own.',
  },
});
